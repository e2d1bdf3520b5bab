# Mail-Anmeldung: die Texte des Panels. Dieselben Meldungen wie en.ftl, das Vorbild.

## Around every page

product = Mail-Anmeldung
skip = Zum Inhalt
nav-label = Bereiche
nav-overview = Übersicht
nav-two-factor = Zwei-Faktor
nav-app-passwords = App-Passwörter
nav-password = Passwort
nav-activity = Aktivität
language = Sprache
support = Hilfe
sign-out = Abmelden
cancel = Abbrechen
copy = Kopieren
copied = Kopiert
copy-failed = Bitte von Hand kopieren
print = Drucken
optional = freiwillig
never = Nie
wrong-prefix = Fehler:{" "}
wrong-title = Bitte beachten Sie:
password-show = Anzeigen
password-hide = Verbergen
password-show-label = Passwort anzeigen
password-hide-label = Passwort verbergen

ago-now = gerade eben
ago-minutes = { $n ->
    [one] vor { $n } Minute
   *[other] vor { $n } Minuten
}
ago-hours = { $n ->
    [one] vor { $n } Stunde
   *[other] vor { $n } Stunden
}

must-enrol-from = Die Zwei-Faktor-Anmeldung ist hier ab { $time } Pflicht. Bitte schalten Sie sie vorher ein.
must-enrol-link = Jetzt einschalten
must-enrol-now = Die Zwei-Faktor-Anmeldung ist hier Pflicht. Schalten Sie sie ein; danach ist alles andere wieder zugänglich.

## What was just done

notice-signed-out = Sie sind abgemeldet.
notice-two-factor-on = Die Zwei-Faktor-Anmeldung ist eingeschaltet.
notice-two-factor-off = Die Zwei-Faktor-Anmeldung ist ausgeschaltet. Codes und Wiederherstellungscodes gelten nicht mehr.
notice-enrolment-cancelled = Es wurde nichts geändert.
notice-authenticator-added = Der Authenticator wurde hinzugefügt. Seine Codes gelten ab jetzt.
notice-authenticator-removed = Der Authenticator wurde entfernt. Seine Codes gelten nicht mehr.
notice-recovery-codes-replaced = Die neuen Wiederherstellungscodes gelten, die alten nicht mehr.
notice-app-password-created = Das App-Passwort ist einsatzbereit.
notice-app-password-revoked = Das App-Passwort wurde widerrufen. Es öffnet nichts mehr.
notice-app-passwords-revoked = Alle App-Passwörter wurden widerrufen. Sie öffnen nichts mehr.
notice-password-changed = Das Passwort wurde geändert. Ihre App-Passwörter gelten weiter.
notice-password-changed-and-revoked = Das Passwort wurde geändert, und alle App-Passwörter wurden widerrufen.
notice-session-ended = Diese Sitzung wurde abgemeldet.
notice-other-sessions-ended = Alle anderen Sitzungen wurden abgemeldet.

## Signing in

sign-in-title = Anmelden
sign-in-lead = Zwei-Faktor-Anmeldung und App-Passwörter für Ihr Postfach
sign-in-name = E-Mail-Adresse
sign-in-password = Passwort
sign-in-code-hint = Wenn die Zwei-Faktor-Anmeldung eingeschaltet ist: der Code Ihrer Authenticator-App oder ein Wiederherstellungscode.
sign-in = Anmelden
sign-in-not-app-password = Hier gilt das Passwort Ihres Postfachs. App-Passwörter gelten nur in Mail-Apps.
second-step-title = Zweiter Schritt
second-step-lead = Das Passwort stimmt. Bestätigen Sie, dass Sie es sind: { $name }
second-step-continue = Anmelden
second-step-back = Als jemand anderes anmelden
code = Code
code-hint = Die { $digits } Ziffern, die Ihre Authenticator-App jetzt anzeigt.
code-or-recovery-hint = Die { $digits } Ziffern, die Ihre Authenticator-App jetzt anzeigt, oder ein Wiederherstellungscode.
recovery-code = Wiederherstellungscode
recovery-code-use = Wiederherstellungscode verwenden
recovery-code-hint = Mit den Bindestrichen, zum Beispiel ab2c-de3f-gh4j. Jeder Code gilt einmal.
account-password = Passwort Ihres Postfachs
prove-title = Bestätigen Sie, dass Sie es sind
prove-code-lead = Ihr letzter Code liegt einige Minuten zurück. Bitte geben Sie vor dieser Änderung noch einmal einen ein.
prove-password-lead = Ihre letzte Passworteingabe liegt einige Minuten zurück. Bitte geben Sie das Passwort vor dieser Änderung noch einmal ein.
prove-continue = Weiter

problem-missing = Bitte füllen Sie alle Felder aus.
problem-sign-in = Name oder Passwort sind falsch, oder der Code passt nicht. Bitte prüfen Sie beides und versuchen Sie es noch einmal.
problem-wrong-password = Das Passwort ist falsch. Bitte versuchen Sie es noch einmal.
problem-code-shape = Das ist kein Code. Geben Sie die { $digits } Ziffern ein, die Ihre Authenticator-App jetzt anzeigt.
problem-wrong-code = Der Code ist falsch. Warten Sie auf den nächsten, und prüfen Sie, ob sich die Uhr Ihres Smartphones selbst stellt.
problem-code-used = Jeder Code gilt nur einmal. Bitte warten Sie auf den nächsten.
problem-wrong-recovery-code = Der Wiederherstellungscode ist falsch. Geben Sie ihn mit den Bindestrichen ein, und nehmen Sie einen aus Ihrem neuesten Satz.
problem-recovery-code-used = Dieser Wiederherstellungscode ist schon verbraucht. Bitte nehmen Sie einen anderen.
problem-invitation-missing = Geben Sie die Einladung ein. Wenn Sie keine haben, bitten Sie Ihren Administrator um eine.
problem-invitation-shape = Das ist keine Einladung. Sie hat 16 Buchstaben und Ziffern in vier Gruppen.
problem-invitation-wrong = Die Einladung ist falsch oder gilt nicht mehr. Prüfen Sie sie, und nehmen Sie die neueste; sonst bitten Sie Ihren Administrator um eine andere.
problem-invitation-expired = Diese Einladung ist abgelaufen. Bitten Sie Ihren Administrator um eine neue.
problem-app-password = App-Passwörter gelten nur in Mail-Apps. Melden Sie sich mit dem Passwort Ihres Postfachs an.
problem-disabled = Dieses Konto ist gesperrt. Bitte wenden Sie sich an Ihren Administrator.
problem-password-expired = Ihr Passwort ist abgelaufen. Bitte ändern Sie es an der gewohnten Stelle, und melden Sie sich dann hier an.
problem-throttled = Zu viele Fehlversuche. Bitte warten Sie einige Minuten, und versuchen Sie es dann noch einmal.
problem-changed = Das Konto wurde im selben Augenblick geändert. Bitte versuchen Sie es noch einmal.
problem-step-expired = Der Code kam nicht rechtzeitig. Bitte melden Sie sich noch einmal an.
problem-session-ended = Ihre Sitzung ist beendet: Sie wurde zu lange nicht genutzt, hat ihre Höchstdauer erreicht oder wurde von anderer Stelle beendet. Bitte melden Sie sich noch einmal an.
problem-busy = Gerade melden sich viele Menschen an. Bitte versuchen Sie es gleich noch einmal.
problem-unavailable = Passwörter können zurzeit nicht geprüft werden. Bitte versuchen Sie es später noch einmal; wenn es dabei bleibt, sagen Sie es Ihrem Administrator.

## Overview

overview-title = Übersicht
overview-manage = Verwalten
overview-turn-on = Zwei-Faktor-Anmeldung einschalten
overview-authenticators = { $n ->
    [one] Ein Authenticator erzeugt Ihre Codes.
   *[other] { $n } Authenticatoren erzeugen Ihre Codes.
}
overview-app-passwords = { $n ->
    [0] Keine Mail-App hat ein App-Passwort.
    [one] Ein App-Passwort gilt.
   *[other] { $n } App-Passwörter gelten.
}
overview-last = Letzte Anmeldungen
overview-all-activity = Alle Aktivitäten und Sitzungen

attention-title = Das braucht Ihre Aufmerksamkeit
attention-more = { $n ->
    [one] Noch eines: alle Aktivitäten ansehen
   *[other] { $n } weitere: alle Aktivitäten ansehen
}
finding-not-you = Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es
finding-paused-codes = Zu viele falsche Codes: Bis { $time } wird keiner angenommen
finding-paused-passwords = Zu viele falsche Passwörter: Bis { $time } wird von dort keines geprüft
    .step = Ansehen, was geschehen ist
finding-account-password-used = Eine Mail-App verwendet noch das Passwort des Postfachs und wird abgelehnt
    .step = Ein App-Passwort für sie erstellen
finding-code-in-mail-app = In eine Mail-App wurden Passwort und Code eingegeben; sie braucht stattdessen ein App-Passwort
    .step = Ein App-Passwort für sie erstellen
finding-revoked-app-password-used = Ein Gerät benutzt noch ein widerrufenes App-Passwort
    .step = Wenn das Gerät noch Ihres ist, ein neues dafür erstellen
finding-expired-app-password-used = Ein Gerät benutzt noch ein abgelaufenes App-Passwort
    .step = Ein neues dafür erstellen
finding-app-password-for-other-protocols = Ein App-Passwort wird für etwas benutzt, wofür es nicht gilt
    .step = Eines erstellen, das dafür gilt
finding-app-password-for-other-networks = Ein App-Passwort wird außerhalb seiner Netze benutzt
    .step = Eines ohne diese Einschränkung erstellen, wenn das Gerät unterwegs ist
finding-wrong-app-password = Eine Mail-App hat ein App-Passwort, das keines von Ihren ist
    .step = Seinen Anfang mit Ihren App-Passwörtern vergleichen
finding-app-password-outside-mail-apps = Ein App-Passwort wurde ins Webmail eingegeben; dort gilt das Passwort des Postfachs
    .step = Ansehen, was geschehen ist
finding-code-missing = Im Webmail wurde Ihr Passwort ohne Code eingegeben
    .step = Geben Sie den Code dazu ein.
finding-wrong-code = Ihr Passwort war richtig, der Code war falsch
    .step = Prüfen Sie, ob sich die Uhr Ihres Smartphones selbst stellt.
finding-wrong-recovery-code = Ihr Passwort war richtig, der Wiederherstellungscode war falsch oder schon verbraucht
    .step = Neue Wiederherstellungscodes erstellen
finding-wrong-password = Ein falsches Passwort kam von einer Adresse, die Sie schon benutzt haben
    .step = Wenn eines Ihrer Geräte noch ein altes Passwort hat, geben Sie dort das richtige ein.
finding-guesses = { $n ->
    [one] Falsche Passwörter kamen von einer Adresse, die Ihr Postfach nie geöffnet hat: Jemand rät, oder ein neues Gerät ist falsch eingerichtet
   *[other] Falsche Passwörter kamen von { $n } Adressen, die Ihr Postfach nie geöffnet haben: Jemand rät
}
    .step = Ansehen, was geschehen ist
finding-enrolment-pending = Die Zwei-Faktor-Anmeldung ist noch nicht eingeschaltet: Sie wartet auf den ersten Code
    .step = Damit weitermachen

## Two-factor sign-in

two-factor-title = Zwei-Faktor-Anmeldung
two-factor-is-on = Die Zwei-Faktor-Anmeldung ist eingeschaltet
two-factor-is-off = Die Zwei-Faktor-Anmeldung ist ausgeschaltet
two-factor-lead = Mit der Zwei-Faktor-Anmeldung öffnet ein gestohlenes Passwort allein nichts: Webmail und diese Seite verlangen zusätzlich einen Code von Ihrem Smartphone, und jede Mail-App bekommt ein eigenes Passwort.
two-factor-steps-title = So geht es
two-factor-step-app = Sie brauchen eine Authenticator-App auf Ihrem Smartphone, zum Beispiel Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator oder 2FAS, oder einen Passwort-Manager, der Codes erzeugt.
two-factor-step-scan = Sie scannen damit einen QR-Code und geben den Code ein, den die App anzeigt.
two-factor-step-codes = Sie bekommen zehn Wiederherstellungscodes für den Tag, an dem das Smartphone verloren ist.
two-factor-step-apps = Mail-Apps, die das Passwort Ihres Postfachs verwenden, funktionieren dann nicht mehr. Sie erstellen für jede ein App-Passwort.
two-factor-begin = Einschalten
invitation = Einladung
invitation-lead = Hier schalten Sie sie mit einer Einladung ein: einem Code, den Sie von Ihrem Administrator bekommen. So kann es niemand an Ihrer Stelle tun, der nur Ihr Passwort hat.
invitation-hint = 16 Buchstaben und Ziffern, zum Beispiel K7M2-9XQD-0011-ABCD. Groß- und Kleinschreibung, Leerzeichen und Bindestriche spielen keine Rolle.
authenticators-title = Authenticatoren
authenticator-name = Name des Authenticators
authenticator-name-hint = Damit Sie ihn von anderen unterscheiden können, zum Beispiel „Mein Smartphone“.
authenticator-proposed = Smartphone
authenticator-since = Hinzugefügt am { $date }
authenticator-remove = Entfernen
authenticator-add = Weiteren Authenticator hinzufügen
authenticator-add-lead = Zum Beispiel auf einem zweiten Smartphone oder in einem Passwort-Manager. Die Codes von jedem gelten.
authenticator-begin = QR-Code anzeigen
authenticator-remove-title = Diesen Authenticator entfernen?
authenticator-remove-lead = Die Codes von { $name } gelten sofort nicht mehr.
authenticator-remove-effect-others = Ihre anderen Authenticatoren und Ihre Wiederherstellungscodes bleiben, wie sie sind.
authenticator-remove-effect-app = Löschen Sie danach auch den Eintrag in der App: Er nützt nichts mehr.
authenticator-remove-do = Entfernen
enrolment-waits = Sie haben begonnen, einen Authenticator hinzuzufügen.
enrolment-go-on = Weitermachen
enrolment-again = Ein Authenticator wurde begonnen und nicht fertig eingerichtet. Beginnen Sie neu: Sie bekommen einen neuen QR-Code, und der alte gilt nicht.
recovery-codes-title = Wiederherstellungscodes
recovery-codes-left = { $n ->
    [0] Kein Wiederherstellungscode ist übrig. Erstellen Sie neue.
    [one] Ein Wiederherstellungscode ist übrig.
   *[other] { $n } Wiederherstellungscodes sind übrig.
}
recovery-codes-lead = Jeder öffnet Ihr Konto einmal anstelle eines Codes der App, wenn das Smartphone nicht zur Hand ist.
recovery-codes-new = Neue Wiederherstellungscodes erstellen
recovery-codes-new-lead = Sie bekommen zehn neue Codes. Die alten gelten sofort nicht mehr, und Webmail und andere Browser werden abgemeldet.
recovery-codes-make = Neue Codes erstellen
recovery-codes-shown-lead = Bewahren Sie diese Codes dort auf, wo Sie sie ohne Ihr Smartphone finden: ausgedruckt oder in einem Passwort-Manager. Jeder gilt einmal.
recovery-codes-once = Sie werden nicht noch einmal angezeigt. Bringen Sie sie in Sicherheit, bevor Sie weitermachen.
recovery-codes-save = Als Datei speichern
recovery-codes-print = Jeder Code gilt einmal. Geben Sie ihn mit den Bindestrichen dort ein, wo nach dem Code gefragt wird.
recovery-codes-done = Ich habe sie aufbewahrt
enrol-title-first = Zwei-Faktor-Anmeldung einschalten
enrol-title-further = Authenticator hinzufügen
enrol-lead = Zwei Schritte verbinden { $name } mit Ihrem Postfach.
enrol-scan-title = 1. QR-Code scannen
enrol-scan = Öffnen Sie die Authenticator-App, wählen Sie „Konto hinzufügen“, und richten Sie die Kamera hierher.
enrol-qr-label = QR-Code für die Authenticator-App
enrol-open-app = Sie lesen das auf dem Smartphone mit der App? Öffnen Sie die App von hier aus.
enrol-by-hand = Geheimnis von Hand eingeben
enrol-by-hand-lead = Wenn die Kamera nicht benutzt werden kann, wählen Sie in der App die Eingabe eines Schlüssels.
enrol-secret = Geheimnis
enrol-form = Art
enrol-form-is = Zeitbasiert, { $digits } Ziffern, { $period } Sekunden, { $algorithm }
enrol-confirm-title = 2. Code eingeben
enrol-code-hint = Die { $digits } Ziffern, die die App jetzt für diesen Eintrag anzeigt.
enrol-confirm-first = Einschalten
enrol-confirm-further = Hinzufügen
two-factor-off-title = Zwei-Faktor-Anmeldung ausschalten
two-factor-off-teaser = Dann öffnet das Passwort Ihres Postfachs allein wieder alles.
two-factor-off-link = Ausschalten …
two-factor-off-lead = Wenn die Zwei-Faktor-Anmeldung ausgeschaltet ist:
two-factor-off-effect-password = Das Passwort Ihres Postfachs allein öffnet Webmail, diese Seite und Mail-Apps.
two-factor-off-effect-codes = Ihre Authenticatoren und Wiederherstellungscodes gelten sofort nicht mehr.
two-factor-off-effect-apps = App-Passwörter gelten weiter. Webmail und andere Browser werden abgemeldet.
two-factor-off-effect-again = Zum Wiedereinschalten scannen Sie einen neuen QR-Code; der alte gilt nie wieder.
two-factor-off-effect-invitation = Wieder einschalten können Sie sie nur mit einer neuen Einladung von Ihrem Administrator.
two-factor-off-do = Ausschalten
two-factor-off-keep = Eingeschaltet lassen

## App passwords

app-passwords-title = App-Passwörter
app-passwords-lead = Eine Mail-App bekommt ein eigenes Passwort. Geht ein Gerät verloren, widerrufen Sie dessen Passwort, und alles andere funktioniert weiter.
app-passwords-lead-off = Eine Mail-App kann ein eigenes Passwort haben. Geht ein Gerät verloren, widerrufen Sie dessen Passwort, und alles andere funktioniert weiter. Mit der Zwei-Faktor-Anmeldung braucht jede Mail-App eines.
app-passwords-none = Es gibt noch keines.
app-passwords-ended = { $n ->
    [one] Eines, das widerrufen wurde oder abgelaufen ist
   *[other] { $n }, die widerrufen wurden oder abgelaufen sind
}
app-password-new = Neues App-Passwort
app-password-id = Beginnt mit
app-password-for = Gilt für
app-password-for-hint = Für eine übliche Mail-App lassen Sie es, wie es ist.
app-password-created = Erstellt
app-password-used = Zuletzt benutzt
app-password-from = Nur von
app-password-revoked = Widerrufen
app-password-expires = Gültig bis
app-password-expired = Abgelaufen
app-password-name = Name
app-password-name-hint = App und Gerät, zum Beispiel „Thunderbird auf meinem Laptop“.
app-password-limits = Einschränkungen: Gültigkeit und Netze
app-password-expiry = Gültig
app-password-networks = Nur aus diesen Netzen
app-password-networks-hint = Adressen oder Netze, durch Kommas getrennt, zum Beispiel 192.0.2.7, 2001:db8::/32. Lassen Sie es leer, wenn das Gerät unterwegs ist.
app-password-make = App-Passwort erstellen
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Mails lesen (IMAP)
protocol-pop3-for = Mails abholen (POP3)
protocol-smtp-for = Mails senden (SMTP)
protocol-sieve-for = Filter (Sieve)
expires-never = bis zum Widerruf
expires-30d = 30 Tage
expires-90d = 90 Tage
expires-1y = ein Jahr
expires-date = bis einschließlich:
expires-date-label = Letzter Tag
problem-name-empty = Geben Sie ihm einen Namen, damit Sie es von anderen unterscheiden können.
problem-name-long = Der Name ist zu lang. Nehmen Sie höchstens { $max } Zeichen.
problem-name-unprintable = Der Name enthält ein Zeichen, das nicht dargestellt werden kann. Nehmen Sie Buchstaben, Ziffern, Symbole und Leerzeichen.
problem-no-protocol = Wählen Sie mindestens einen Zweck, sonst öffnet es nichts.
problem-no-date = Wählen Sie den letzten Tag, an dem es gelten soll.
problem-expiry-past = Dieser Tag ist vorbei. Wählen Sie einen späteren.
problem-network = „{ $network }“ ist keine Adresse und kein Netz. Schreiben Sie es wie 192.0.2.7 oder 192.0.2.0/24.
problem-too-many = Sie haben { $most } App-Passwörter; mehr sind nicht erlaubt. Widerrufen Sie eines, das nicht mehr benutzt wird.
new-app-password-title = Neues App-Passwort
new-app-password-lead = Erstellen Sie eines für jede App auf jedem Gerät.
created-title = Ihr neues App-Passwort
created-lead = Geben Sie es jetzt in { $name } ein, anstelle des Passworts Ihres Postfachs.
created-secret = App-Passwort
created-once = Es wird nur jetzt angezeigt. Niemand muss es sich merken: Für ein anderes Gerät erstellen Sie ein weiteres.
created-qr = Als QR-Code anzeigen
created-qr-lead = Lesen Sie es mit der Kamera Ihres Smartphones, und kopieren Sie es von dort in die Mail-App.
created-qr-label = QR-Code des App-Passworts
created-settings = Einstellungen der Mail-App
created-settings-lead = Viele Apps finden sie selbst. Wenn Ihre danach fragt, sind diese richtig:
created-no-servers = Ihr Administrator kann Ihnen die Namen der Server nennen.
created-profile-title = iPhone, iPad und Mac
created-profile-lead = Öffnen Sie diese Datei auf dem Gerät: Sie richtet Apples Mail-App mit allem ein, was nötig ist.
created-profile = Konfigurationsprofil
created-profile-warning = Das App-Passwort steht in der Datei. Löschen Sie sie, sobald sie installiert ist.
created-profile-without = Profil ohne das App-Passwort
created-expires = Es gilt bis einschließlich { $date }.
created-done = Fertig
settings-user = Benutzername
settings-password = Passwort
settings-password-is = das App-Passwort von oben
settings-imap = Posteingang: IMAP
settings-pop3 = Posteingang: POP3
settings-smtp = Postausgang: SMTP
settings-sieve = Filter: ManageSieve
settings-host = Server
settings-port = Port
settings-security = Verschlüsselung
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Widerrufen
revoke-title = „{ $name }“ widerrufen?
revoke-lead = { $name } funktioniert sofort nicht mehr: Es kann weder Mails abrufen noch senden.
revoke-used = Zuletzt benutzt: { $time }.
revoke-again = Das lässt sich nicht rückgängig machen. Für dieselbe App können Sie jederzeit ein neues App-Passwort erstellen.
revoke-do = Widerrufen
revoke-keep = Behalten
revoke-all-link = Alle widerrufen
revoke-all-title = { $n ->
    [one] Das App-Passwort widerrufen?
   *[other] Alle { $n } App-Passwörter widerrufen?
}
revoke-all-lead = Alle Mail-Apps auf all Ihren Geräten funktionieren sofort nicht mehr, bis Sie jeder ein neues App-Passwort geben.
revoke-all-do = Alle widerrufen

## Password

password-title = Passwort
password-lead = Das ist das Passwort Ihres Postfachs: für Webmail und für diese Seite.
password-elsewhere = Das Passwort Ihres Postfachs wird von einem anderen System verwaltet und kann hier nicht geändert werden. Ändern Sie es dort, wo Sie das Passwort Ihres Computers oder Ihrer Organisation ändern, oder fragen Sie Ihren Administrator.
password-current = Bisheriges Passwort
password-new = Neues Passwort
password-new-hint = { $min ->
    [one] Mindestens { $min } Zeichen. Lang ist besser als kompliziert.
   *[other] Mindestens { $min } Zeichen. Lang ist besser als kompliziert.
}
password-again = Neues Passwort noch einmal
password-effects-title = Was dann geschieht
password-effect-sessions = Webmail und alle anderen Browser werden abgemeldet.
password-effect-app-passwords = { $n ->
    [one] Ihr App-Passwort gilt weiter, wenn Sie nichts anderes wählen.
   *[other] Ihre { $n } App-Passwörter gelten weiter, wenn Sie nichts anderes wählen.
}
password-revoke = Auch alle App-Passwörter widerrufen
password-revoke-hint = Tun Sie das, wenn jemand anderes Ihr Passwort kennen könnte oder ein Gerät von Ihnen hatte.
password-change = Passwort ändern
problem-again = Die beiden neuen Passwörter sind verschieden. Geben Sie zweimal dasselbe ein.
problem-too-short = { $min ->
    [one] Das neue Passwort ist zu kurz. Nehmen Sie mindestens { $min } Zeichen.
   *[other] Das neue Passwort ist zu kurz. Nehmen Sie mindestens { $min } Zeichen.
}
problem-too-long = Das neue Passwort ist zu lang. Nehmen Sie höchstens { $max } Bytes.
problem-control = Das neue Passwort enthält ein Steuerzeichen. Nehmen Sie Buchstaben, Ziffern, Symbole und Leerzeichen.
problem-looks-like = Das neue Passwort sieht wie ein App-Passwort oder ein Wiederherstellungscode aus und würde dafür gehalten. Wählen Sie ein anderes.
problem-is-name = Das neue Passwort ist der Name des Kontos. Wählen Sie ein anderes.
problem-unchanged = Das neue Passwort ist das alte. Wählen Sie ein anderes.

## Activity and sessions

activity-title = Aktivität
activity-list = Was geschehen ist
activity-none = Noch nichts.
activity-lead = Wenn hier etwas nicht von Ihnen war: Ändern Sie Ihr Passwort, widerrufen Sie App-Passwörter, die Sie nicht kennen, und erstellen Sie neue Wiederherstellungscodes.
activity-count = { $n ->
    [one] einmal seit { $since }
   *[other] { $n }-mal seit { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = durch einen Administrator
activity-unknown = Anderes Ereignis: { $name }
app-password-by-name = „{ $name }“, { $id }
app-password-by-id = App-Passwort { $id }
sessions-title = Angemeldet
sessions-lead = Mail-Apps gehören nicht dazu: Jede hat ein App-Passwort.
sessions-end-others-lead = Meldet Webmail und alle anderen Browser ab. Mail-Apps funktionieren weiter.
sessions-end-others = Überall sonst abmelden
session-this = Dieser Browser
session-panel = Diese Seite: Kontoeinstellungen
session-webmail = Webmail
session-unknown-browser = Unbekannter Browser
session-opened = Angemeldet { $time }
session-used = Zuletzt benutzt { $time }
method-password = mit dem Passwort
method-totp = mit Passwort und Code
method-recovery-code = mit Passwort und Wiederherstellungscode
accepted-app-password = Mail-App angemeldet – { $app }
accepted-app-password-unnamed = Mail-App mit einem App-Passwort angemeldet
accepted-client = Mail-App mit dem Passwort des Postfachs angemeldet
accepted-session = Webmail benutzt
accepted-webmail = Im Webmail angemeldet
accepted-webmail-recovery-code = Im Webmail mit einem Wiederherstellungscode angemeldet
accepted-panel = Auf dieser Seite angemeldet
signed-out-webmail = Im Webmail abgemeldet
signed-out-panel = Auf dieser Seite abgemeldet

event-account-created = Konto angelegt
event-account-disabled = Konto gesperrt
event-account-enabled = Konto entsperrt
event-account-renamed = Konto umbenannt
event-app-password-created = App-Passwort erstellt
event-app-password-revoked = App-Passwort widerrufen
event-authenticator-added = Authenticator hinzugefügt
event-authenticator-removed = Authenticator entfernt
event-code-verified = Code vor einer Änderung noch einmal gezeigt
event-enrolment-begun = QR-Code für einen Authenticator angezeigt
event-invitation-created = Zur Zwei-Faktor-Anmeldung eingeladen
event-invitation-refused = Abgelehnt: Die Einladung war falsch oder abgelaufen
event-invitation-revoked = Einladung widerrufen
event-password-changed = Passwort geändert
event-recovery-codes-replaced = Neue Wiederherstellungscodes erstellt
event-requirement-cleared = Keine eigene Regel mehr zur Zwei-Faktor-Anmeldung
event-session-closed = Abgemeldet
event-session-revoked = Sitzung von anderer Stelle abgemeldet
event-two-factor-exempted = Zwei-Faktor-Anmeldung nicht vorgeschrieben
event-two-factor-off = Zwei-Faktor-Anmeldung ausgeschaltet
event-two-factor-on = Zwei-Faktor-Anmeldung eingeschaltet
event-two-factor-required = Zwei-Faktor-Anmeldung vorgeschrieben
event-two-factor-reset = Zwei-Faktor-Anmeldung nach einem Verlust zurückgesetzt

reason-account-changed = Abgelehnt: Das Konto wurde im selben Augenblick geändert
    .step = Melden Sie sich noch einmal an.
reason-account-disabled = Abgelehnt: Das Konto ist gesperrt
    .step = Wenden Sie sich an Ihren Administrator.
reason-app-password-expired = Abgelehnt: Das App-Passwort ist abgelaufen
    .step = Erstellen Sie ein neues für diese App.
reason-app-password-not-allowed-here = Abgelehnt: Ein App-Passwort wurde eingegeben, wo nur das Passwort des Postfachs gilt
    .step = Verwenden Sie App-Passwörter nur in Mail-Apps.
reason-app-password-required = Abgelehnt: Eine Mail-App hat das Passwort des Postfachs verwendet
    .step = Erstellen Sie ein App-Passwort, und geben Sie es in diese App ein.
reason-app-password-revoked = Abgelehnt: Ein widerrufenes App-Passwort wird noch benutzt
    .step = Erstellen Sie ein neues, wenn das Gerät noch Ihres ist. Ist es verloren, ist nichts zu tun: Es bleibt draußen.
reason-code-required = Passwort richtig, Code nicht gezeigt
    .step = So beginnt jede Anmeldung auf dieser Seite. Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es.
reason-code-used = Abgelehnt: Der Code war schon verbraucht
    .step = Warten Sie auf den nächsten Code.
reason-credential-too-long = Abgelehnt: Das Passwort war länger, als eines sein kann
reason-empty-credential = Abgelehnt: Es wurde kein Passwort gesendet
    .step = Geben Sie das Passwort noch einmal in die App ein.
reason-enrolment-required = Abgelehnt: Zuerst muss die Zwei-Faktor-Anmeldung eingeschaltet werden
    .step = Schalten Sie sie hier ein.
reason-invalid-name = Abgelehnt: Der Benutzername ist nicht wie der eines Kontos geschrieben
    .step = Prüfen Sie ihn auf Leerzeichen und die Domain.
reason-network-not-allowed = Abgelehnt: Das App-Passwort gilt nur in anderen Netzen
    .step = Erstellen Sie eines ohne diese Einschränkung, wenn das Gerät unterwegs ist.
reason-not-authenticated = Abgelehnt: Die Anmeldung wurde nicht abgeschlossen
    .step = Wenn es wieder geschieht, sagen Sie es Ihrem Administrator.
reason-password-refused = Das neue Passwort wurde nicht angenommen
    .step = Wählen Sie ein längeres.
reason-protocol-not-allowed = Abgelehnt: Das App-Passwort gilt nur für andere Zwecke
    .step = Erstellen Sie eines, das dafür gilt.
reason-protocol-unknown = Abgelehnt: Der Server hat nicht gesagt, wofür es war
    .step = Sagen Sie es Ihrem Administrator.
reason-recovery-code-used = Abgelehnt: Der Wiederherstellungscode war schon verbraucht
    .step = Nehmen Sie einen anderen aus Ihrem Satz.
reason-session-ended = Abgelehnt: Die Webmail-Sitzung wurde beendet
    .step = Melden Sie sich im Webmail noch einmal an.
reason-session-expired = Abgelehnt: Die Webmail-Sitzung ist abgelaufen
    .step = Melden Sie sich im Webmail noch einmal an.
reason-session-malformed = Abgelehnt: Das Webmail hat etwas gesendet, das keine Sitzung ist
    .step = Wenn es wieder geschieht, sagen Sie es Ihrem Administrator.
reason-session-not-allowed-here = Abgelehnt: Webmail-Sitzungen öffnen hier nichts
    .step = Wenn es wieder geschieht, sagen Sie es Ihrem Administrator.
reason-session-reused = Abgelehnt: Die Webmail-Sitzung wurde schon einmal benutzt
    .step = Melden Sie sich im Webmail noch einmal an.
reason-session-unconfirmed = Abgelehnt: Die Anmeldung im Webmail wurde nicht abgeschlossen
    .step = Melden Sie sich im Webmail noch einmal an.
reason-session-unknown = Abgelehnt: Die Webmail-Sitzung ist unbekannt
    .step = Melden Sie sich im Webmail noch einmal an.
reason-throttled = Abgelehnt: zu viele Fehlversuche
    .step = Warten Sie einige Minuten. Wenn Sie es nicht waren, rät jemand: Ein langes Passwort und die Zwei-Faktor-Anmeldung halten ihn draußen.
reason-unknown-account = Abgelehnt: kein solches Konto
reason-wrong-app-password = Abgelehnt: falsches App-Passwort
    .step = Erstellen Sie ein neues für diese App.
reason-wrong-code = Abgelehnt: Passwort richtig, Code falsch
    .step = Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es.
reason-wrong-password = Abgelehnt: falsches Passwort
    .step = Wenn eines Ihrer Geräte noch ein altes Passwort hat, geben Sie dort das neue ein.
reason-wrong-recovery-code = Abgelehnt: Passwort richtig, Wiederherstellungscode falsch
    .step = Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es.

## Pages that say one thing

message-home = Zur Übersicht
message-again = Noch einmal versuchen
message-not-found-title = Diese Seite gibt es nicht
message-not-found = Die Adresse stimmt nicht, oder es gibt nicht mehr, wohin sie führte.
message-form-expired-title = Dieses Formular ist abgelaufen
message-form-expired = Es wurde nichts geändert. Öffnen Sie die Seite noch einmal, und wiederholen Sie es. Wenn es wieder geschieht, erlauben Sie Cookies für diese Seite.
message-secret-gone-title = Das wird nicht mehr angezeigt
message-secret-gone = Geheimnisse werden einmal angezeigt, einige Minuten lang. Wenn Sie es nicht aufbewahrt haben, erstellen Sie ein neues, und widerrufen Sie das alte.
message-too-many-requests-title = Zu viele Anfragen
message-too-many-requests = Aus Ihrem Netz wurden mehr Seiten abgerufen, als jemand lesen kann. Warten Sie eine Minute, und versuchen Sie es dann noch einmal.
message-out-of-service-title = Zurzeit nicht erreichbar
message-out-of-service = Ihr Konto kann gerade nicht erreicht werden. Es wurde nichts geändert. Bitte versuchen Sie es in einigen Minuten noch einmal; wenn es dabei bleibt, sagen Sie es Ihrem Administrator.
message-internal-title = Etwas ist schiefgegangen
message-internal = Der Fehler liegt bei uns und wurde aufgezeichnet. Sehen Sie nach, ob Ihre letzte Änderung gemacht wurde, bevor Sie sie wiederholen.

## Notices by mail

notices-title = Benachrichtigungen
notices-lead = Sie erhalten eine Mail, wenn sich an der Sicherheit Ihres Postfachs etwas ändert: Zwei-Faktor-Anmeldung, App-Passwörter, Passwort, Wiederherstellungscodes, Anmeldung von einem neuen Ort.
notices-on = Benachrichtigungen senden
notices-address = Weitere Adresse
notices-address-hint = Außerhalb dieses Postfachs, falls Sie es einmal nicht lesen können. Auch sie erhält jede Benachrichtigung.
notices-language = Sie werden in der Sprache geschrieben, die Sie für diese Seiten gewählt haben.
notices-save = Speichern
notice-notices-saved = Ihre Wahl wurde gespeichert.
problem-notices-address = Das ist keine Mail-Adresse. Schreiben Sie sie wie name@example.org.
problem-notices-mailbox = Das ist das Postfach selbst, das Benachrichtigungen ohnehin erhält. Geben Sie eine Adresse außerhalb davon an.
activity-notices = Benachrichtigungen per Mail
