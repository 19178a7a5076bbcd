"""How mail servers put a refusal, in the languages they speak: phrases only, what they mean is smtp_codes.py's.

Phrases are matched against lower-case words, without addresses, links and codes.
"""

import re

_WHO = (
    r"(?:users?|recipients?(?:'s)?|mail ?box(?:es)?|account|(?<!ip )(?<!sender )address(?:ee)?"
    r"|e-?mail (?:address|account)"
    r"|person|local[ -]?part|alias|user ?name|user ?id|login|inbox|customer|subscriber|destinat(?:ion|ary))"
)
_GAP = r"(?:[^\s.!?]\S{0,60}\s+){0,6}?"
_GONE = (
    r"(?:unknown|not[ -]?found|not known|not (?:currently )?exist\w*|(?:does|do|did)(?: not|n'?t) (?:appear to )?exist"
    r"|no longer exists?|non-?exist\w*|not listed|not (?:a )?(?:valid|recogni[sz]ed)|not valid|invalid|undefined"
    r"|(?:could|can)(?: ?not|n'?t) be found|was(?: not|n'?t) found|not here|no longer (?:valid|in use|with)"
    r"|not on (?:this|the) (?:server|system)|not defined|unrecogni[sz]ed)"
)


def _any(*phrases: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{phrase})" for phrase in phrases))


SENDER = _any(
    r"sender (?:e-?mail )?address",
    r"sender(?:'s)? (?:domain|verif|denied|rejected|unknown|not|was rejected|callout)",
    r"(?:bad|invalid|unknown|unauthenticated|unverified) (?:e-?mail )?senders?\b",
    r"domain of (?:the )?sender",
    r"verify(?:ing)? (?:the )?sender|sender verification|callback setup failed",
    r"(?:not|isn't) (?:allowed|authori[sz]ed) to send (?:mail )?(?:from|as)",
    r"from address (?:is )?(?:not|invalid|unknown)",
    r"multiple addresses in from|authentication (?:failed|failure|required)|header error|(?:invalid|bad"
    r"|missing) header|in (?:from|to): header",
)
NO_REVERSE = _any(
    r"reverse (?:dns|lookup|hostname|mapping)",
    r"\bptr\b",
    r"cannot find your (?:reverse )?host",
    r"client host (?:rejected|\S{1,80} blocked)|\bhelo\b|\behlo\b",
    r"(?:dns ?bl|\brbl\b|dns-?based blocklist)",
    r"refused to talk to me",
    r"(?:your|the) ip (?:address )?\S{0,60} ?(?:is |has been )?(?:blocked|blacklisted|listed)",
)
FULL = _any(
    r"over ?-?quota|quota (?:has been |is |was )?(?:exceed|reached|full|over|violation)"
    r"|exceed\w* (?:\S{1,20} ){0,4}quota",
    r"out of quota|not enough (?:storage|space|quota)|no (?:storage|space|room) left|out of (?:storage|disk|space)",
    r"(?:mail ?box|inbox|account|mail ?folder|mail ?drop|storage)(?: \S{0,59}[^\s.;]){0,4}? (?:is |was "
    r"|has )?(?:too |almost )?full\b"
    r"(?! (?:details?|text|list|name|message|explanation|information|report|headers?|story))",
    r"full mail ?box|mail ?box ?full|too (?:large|full) mail ?box",
    r"(?:mail ?box|account|inbox)(?: \S{1,60}){0,4}? (?:has |would )?exceed\w* (?:\S{1,20} ){0,4}(?:size"
    r"|limit|storage|space)",
    r"exceed\w* (?:\S{1,20} ){0,4}(?:storage|mail ?box (?:size|limit|space)|disk space)",
    r"insufficient (?:disk |mail ?box )?(?:space|storage|quota)|size of (?:the |this )?mail ?box",
    r"(?:postfach|mailbox|posteingang)(?: \S{1,40}){0,4} (?:voll|überfüllt)"
    r"|speicherplatz\S{0,20} (?:\S{1,20} ){0,3}(?:überschritten|erschöpft)",
    r"boîte\b[^.]{0,40}\bpleine|quota (?:\S{1,20} ){0,3}(?:dépassé|atteint)",
    r"buzón (?:\S{1,20} ){0,4}(?:lleno|llena)|cuota (?:\S{1,20} ){0,3}(?:excedida|superada)"
    r"|casella (?:\S{1,20} ){0,3}piena",
    r"caixa (?:\S{1,20} ){0,3}cheia|ящик\S{0,4} (?:\S{1,20} ){0,2}переполнен|превышен\S{0,4} (?:\S{1,20} ){0,2}квот",
    r"メールボックス.{0,12}(?:いっぱい|一杯|超え|超過)|容量.{0,10}(?:超え|超過|オーバー|一杯|いっぱい)",
    r"(?:邮箱|信箱|郵箱|空间|容量|配额).{0,6}(?:已满|已滿|不足|超出|超过|満)",
)
DISABLED = _any(
    r"(?:account|mail ?box|user|recipient|address|inbox|e-?mail)(?:\(s\))?(?: \S{1,60}){0,6}? (?:is "
    r"|has been |was |been )?(?:temporar\w+ )?(?:currently )?"
    r"(?:disabled|suspended|deactivated|inactive|locked|frozen|blocked from receiving|on hold|discontinued"
    r"|not active|inactivated|de-activated)",
    r"(?:disabled|suspended|inactive|deactivated|locked|frozen|expired) (?:\S{1,20} )?(?:account|mail ?box"
    r"|user|recipient|address)",
    r"(?:account|mail ?box) (?:\S{1,60} )?(?:has |is )?(?:expired|no longer active|not activated|closed due to)",
    r"(?:konto|postfach) (?:\S{1,20} ){0,3}(?:deaktiviert|gesperrt)|compte (?:\S{1,20} ){0,3}(?:désactivé|suspendu)",
    r"cuenta (?:\S{1,20} ){0,3}(?:deshabilitada|suspendida|desactivada)|account is currently",
)
UNSURE = _any(
    r"temporar|try (?:again|later)|retry later|come back later|gr[ea]ylist|\bdefer|in progress"
    r"|lookup (?:failure|did not)"
)
NO_USER = _any(
    rf"\b(?:unknown|invalid|illegal|bad|no such|not a valid|nonexistent|non-existent|undefined|unrecogni[sz]ed"
    rf"|incorrect|wrong|unresolvable)"
    rf" (?:[a-z]{{1,14}} ){{0,2}}{_WHO}\b",
    rf"\b{_WHO}\b[:,]? ?{_GAP}(?:is |was |are |has |be )?{_GONE}",
    rf"\b{_GONE} (?:local )?{_WHO}\b",
    r"no (?:\S{1,20} )?(?:mail ?box|user|account|recipient)s? (?:here|by that|with that|named|called|found|at this)",
    r"no such (?:\S{1,20} )?(?:user|mail ?box|person|recipient|account|address)|no one by that name|there is no such",
    r"(?:user|account|recipient|person)(?: \S{1,60}){0,3} (?:doesn't|does not"
    r"|don't) have an? (?:\S{1,60} )?(?:account|mail ?box)",
    r"(?:has|have) no (?:\S{1,20} )?(?:mail ?box|account)\b|not our customer|not a known user"
    r"|user is not local|no mail ?box\b",
    r"(?:can ?not|can't|could not|couldn't|unable to) (?:find|locate|resolve"
    r"|verify) (?:\S{1,20} ){0,2}(?:user|recipient|mail ?box|account|address)\b",
    r"recip\w{0,6}notfound|user ?unknown|mail ?box ?not ?found|addressee unknown|unrouteable address"
    r"|unroutable address",
    r"address (?:couldn't|could not) be found|not listed in (?:\S{1,20} ){0,3}(?:directory|address book)",
    r"account (?:or domain )?may not exist|no valid recipients?\b|user ?not ?exist",
    r"(?:unbekannte[rn]?|ungültige[rn]?) (?:benutzer|empfänger|adresse|mailbox)|(?:benutzer|empfänger"
    r"|postfach|adresse|mailadresse)\S{0,10} (?:\S{1,60} ){0,4}(?:unbekannt|existiert nicht|nicht gefunden"
    r"|ungültig|nicht vorhanden)",
    r"(?:utilisateur|destinataire|adresse|compte|boîte)\b[^.]{0,60}?(?:inconnue?|n'existe pas|introuvable|invalide)",
    r"(?:usuario|destinatario|dirección|cuenta|buzón|utente|indirizzo|casella|destinatário|usuário|endereço"
    r"|conta)\b[^.]{0,60}?(?:desconocid[oa]|no existe|no encontrad[oa]|no se encontró|inexistente"
    r"|sconosciut[oa]|non esiste|inesistente|desconhecid[oa]|não existe|não encontrad[oa])",
    r"(?:onbekende|ongeldige) (?:gebruiker|ontvanger)|nieznany użytkownik|nie istnieje",
    r"(?:пользовател|ящик|адрес|получател)\S{0,4}\b[^.]{0,60}?(?:не найден|не существует|неизвест"
    r"|отсутствует)|неизвестный (?:пользователь|получатель)|нет такого",
    r"(?:宛先|あて先|送信先|ユーザー?|アドレス|メールボックス|アカウント)[^。]{0,20}(?:不明|見つかりません|見つからない|存在しません|存在しない|ありません|間違)",
    r"(?:用户|用戶|收件人|收信人|邮箱|信箱|帐号|账号|地址|郵箱|帳號)[^。]{0,12}(?:不存在|无效|無效|未找到|找不到)|(?:사용자|수신자|계정"
    r"|주소)[^.]{0,20}(?:존재하지|없는|찾을 수 없)",
)
NO_DOMAIN = _any(
    r"unknown (?:mail )?(?:host|domain)|host(?: name)? unknown|\bhost (?:\S{1,60} )?not found|no such (?:host"
    r"|domain)|(?:illegal|bad|invalid) (?:destination )?(?:host|domain|system)",
    r"domain (?:name )?(?:\S{1,60} )?(?:not found|does(?: not|n't) exist|not exist|could(?: not|n't) be found"
    r"|is (?:not valid|invalid|unknown)|wasn't found)",
    r"nxdomain|(?:info)?domainnonexistent|nonexistentdomain|non-existent (?:hosts?|domain)"
    r"|unrouteable mail domain|unroutable (?:mail )?domain",
    r"name or service not known|could(?: not|n't) find any host|couldn't find a mail exchanger"
    r"|all host address lookups failed permanently",
    r"no (?:mx|mail exchanger)s? (?:or a )?(?:record|host)?s? ?(?:found )?for|mail domain not found|(?:ドメイン"
    r"|域名)[^。]{0,12}(?:見つかりません|存在しません|不存在)",
    r"dns (?:\S{1,60} ){0,3}does not exist",
)
NO_MAIL = _any(
    r"null ?mx|indicated no smtp service|(?:domain|host|server|machine|system)(?: \S{1,60}){0,3} (?:does not"
    r"|doesn't|no longer|never) accepts? (?:any )?(?:e-?)?mail",
    r"does not accept (?:e-?)?mail (?:at|for) (?:this|that)",
)
MOVED = _any(
    r"(?:user|recipient|mail ?box|address|account)(?: \S{1,60}){0,3} (?:has |have )?(?:moved|changed address)\b",
    r"no longer on (?:this )?server|(?:please )?(?:use|note) (?:the |my )?new (?:e-?mail )?address"
    r"|address has changed|user has moved|user not local; please try",
)
POLICY = _any(
    r"\bspam\b|\bube\b|\buce\b|unsolicited|junk mail|bulk (?:e-?)?mail|spamming|virus|malware|phish"
    r"|suspicious|virenfund",
    r"dmarc|\bspf\b|\bdkim\b|authenticat|auth required|auth-?required|unauthenticated",
    r"reputation|black ?-?list|block ?list|deny ?list|banned|spamhaus|spamcop|barracuda|sorbs|senderbase",
    r"polic(?:y|ies)|recipient preferences|content (?:\S{1,20} )?reject|message (?:content )?reject"
    r"|message filtered|filtered|prohibited",
    r"relay(?:ing)? (?:\S{1,20} ){0,3}(?:denied|prohibited|not (?:permitted|allowed)|access denied|rejected)"
    r"|(?:not permitted|unable|not allowed|do not|don't|cannot) to? ?relay|we (?:do not|don't) relay",
    r"not (?:authori[sz]ed|permitted|allowed)|restricted|permission|whitelist|rejected your message"
    r"|rate limit|too many (?:messages|connections|recipients|concurrent)",
    r"(?:non-?compliant|not (?:rfc|compliant)|rfc ?[25]822|rfc ?5322|line length|bare (?:lf|cr))",
)
DENIED = _any(
    r"denied|\bblocked\b|\bbanned\b|refused|service (?:unavailable|not available)|not accept|unacceptable",
)
TOO_BIG = _any(
    r"(?:message|mail|size)(?: \S{1,20}){0,4} (?:too (?:big|large|long)|exceed\w*)(?! \S{0,20} ?quota)",
    r"message size (?:limit|exceed)|exceeds? (?:\S{1,20} ){0,4}(?:message size|size limit)|recipsizelimit",
)
LOOP = _any(
    r"too many hops|mxloopback|in a loop|hop count|routing loop|mail (?:is )?loop|loops? back to"
    r"|mail forwarding loop|loop detected",
)
NETWORK = _any(
    r"connection (?:timed out|refused|reset|dropped|lost|closed)|no route to host|network (?:is )?unreachable"
    r"|conversation with|lost connection"
    r"|no relevant answers|unable to connect|could(?: not|n't) connect|establish an? smtp connection|tls|certificate"
)
EXPIRED = _any(
    r"expired|retry time(?:out)? (?:exceeded|not reached)|(?:for )?too long"
    r"|delivery time (?:\S{1,20} )?(?:out|exceeded)|timed? ?out|"
    r"failed \d{1,4} attempts|queue\.expired|(?:in|after) \d{1,4} (?:hours|days|minutes)"
    r"|could not be delivered (?:with)?in"
)
REFUSED_MAILBOX = _any(
    r"mail ?box (?:is )?(?:currently )?(?:unavailable|not available)|(?:address|recipient|user"
    r"|rcpt)(?:\(s\))? (?:is |was )?(?:rejected|refused|not accepted)(?! ?[:;,\-]? ?[a-hj-z])",
    r"invalid recip|not a valid|delivery to (?:this|the) (?:user|recipient) (?:failed|is not)"
    r"|requested action not taken",
)
AFTER_SENDER = _any(r"in reply to mail from", r"after (?:pipelined )?mail from", r">>> mail from", r"\[mail_from\]")
AFTER_CONNECT = _any(
    r"refused to talk to me", r"after initial connection", r"in reply to (?:e|h)[eh]lo", r"after [eh]{2}lo"
)
AFTER_CONTENT = _any(
    r"in reply to (?:end of )?data", r"after (?:pipelined )?(?:end of )?data", r">>> data", r"after i sent the message",
    r"\[data\]", r"like our (?:final )?data", r"refused to accept your message \(data\)",
)  # fmt: skip
