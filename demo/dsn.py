"""A delivery status notification as the reader's own mail server would write it (RFC 3464)."""

from demo.inbox import Received

NOTICE = """From: Mail Delivery System <MAILER-DAEMON@mx.{domain}>
To: <{sender}>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_notice"

--=_notice
Content-Type: text/plain; charset=us-ascii

Your message could not be delivered.

<{recipient}>: host mx.{domain} said: 550 5.1.1 User unknown

--=_notice
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--=_notice
Content-Type: text/rfc822-headers

Message-ID: {message_id}
To: <{recipient}>

--=_notice--
"""


def bounce_of(mail: Received) -> bytes:
    """The notification that this mail's reader does not exist, addressed to its envelope sender."""
    notice = NOTICE.format(
        domain=mail.recipient.rpartition("@")[2],
        sender=mail.sender,
        recipient=mail.recipient,
        message_id=mail.message["Message-ID"],
    )
    return notice.replace("\n", "\r\n").encode("ascii")
