"""A delivery status notification as the reader's own mail server would write it (RFC 3464)."""

from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.policy import SMTP

from demo.inbox import Received


def bounce_of(mail: Received) -> bytes:
    """The notification that this mail's reader does not exist, addressed to its envelope sender."""
    report = MIMEMultipart("report", policy=SMTP, **{"report-type": "delivery-status"})
    domain = mail.recipient.rpartition("@")[2]
    report["From"] = f"Mail Delivery System <MAILER-DAEMON@mx.{domain}>"
    report["To"] = mail.sender
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"<{mail.recipient}>: host mx.{domain} said: 550 5.1.1 User unknown", _charset="us-ascii"))
    report.attach(status_part(mail, domain))
    original = Message()
    original["Content-Type"] = "text/rfc822-headers"
    original.set_payload(f"Message-ID: {mail.message['Message-ID']}\r\nSubject: returned\r\n")
    report.attach(original)
    return report.as_bytes(policy=SMTP)


def status_part(mail: Received, domain: str) -> Message:
    part = EmailMessage(policy=SMTP)
    part["Content-Type"] = "message/delivery-status"
    lines = (
        f"Reporting-MTA: dns; mx.{domain}",
        "",
        f"Final-Recipient: rfc822; {mail.recipient}",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown",
        "",
    )
    Message.set_payload(part, "\r\n".join(lines))
    return part
