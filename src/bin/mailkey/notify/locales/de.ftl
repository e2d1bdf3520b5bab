app-password-created-subject = Neues App-Passwort
app-password-created = Für Ihr Postfach wurde ein App-Passwort erstellt: { $subject }.
authenticator-added-subject = Weiterer Authenticator
authenticator-added = Zu Ihrem Postfach wurde ein Authenticator hinzugefügt, dessen Codes ab jetzt gelten: { $subject }.
code-guessing-subject = Jemand rät Ihre Codes
code-guessing = Jemand, der das Passwort Ihres Postfachs kennt, probiert Codes aus. Hereingekommen ist so niemand.
enrolment-due-subject = Zwei-Faktor-Anmeldung wird Pflicht
enrolment-due = Ab { $date } kann Ihr Postfach nur noch mit Zwei-Faktor-Anmeldung benutzt werden. Sie ist noch nicht eingeschaltet; Mail-Apps, die das Passwort Ihres Postfachs verwenden, funktionieren dann nicht mehr.
new-network-subject = Anmeldung von einem neuen Ort
new-network = Jemand hat sich aus einem Netz an Ihrem Postfach angemeldet, das dafür bisher nicht benutzt wurde.
notices-changed-subject = Benachrichtigungen geändert
notices-changed = Es wurde geändert, wie Sie über Ihr Postfach benachrichtigt werden: Benachrichtigungen wurden ausgeschaltet oder gehen ab jetzt an andere Adressen. Dies ist der letzte Brief nach den alten Einstellungen.
password-changed-subject = Das Passwort wurde geändert
password-changed = Das Passwort Ihres Postfachs wurde geändert.
recovery-code-used-subject = Ein Wiederherstellungscode wurde benutzt
recovery-code-used = { $left ->
    [0] Mit einem Wiederherstellungscode wurde sich an Ihrem Postfach angemeldet. Es war der letzte: Erstellen Sie jetzt neue.
    [one] Mit einem Wiederherstellungscode wurde sich an Ihrem Postfach angemeldet. Einer ist noch übrig: Erstellen Sie bald neue.
   *[other] Mit einem Wiederherstellungscode wurde sich an Ihrem Postfach angemeldet. { $left } sind noch übrig.
}
recovery-codes-replaced-subject = Neue Wiederherstellungscodes
recovery-codes-replaced = Für Ihr Postfach wurden neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.
two-factor-off-subject = Die Zwei-Faktor-Anmeldung ist ausgeschaltet
two-factor-off = Die Zwei-Faktor-Anmeldung wurde für Ihr Postfach ausgeschaltet. Das Passwort allein öffnet es wieder.
two-factor-on-subject = Die Zwei-Faktor-Anmeldung ist eingeschaltet
two-factor-on = Die Zwei-Faktor-Anmeldung wurde für Ihr Postfach eingeschaltet. Mail-Apps brauchen ab jetzt ein App-Passwort.

account = Postfach: { $account }
when = Wann: { $time }
from = Von: { $address }
via-command = Durch: Ihren Administrator
via-panel = Wo: im Selbstbedienungs-Panel
via-webmail = Wo: im Webmail
next-enrol = Schalten Sie sie vorher im Selbstbedienungs-Panel ein, und erstellen Sie für jede Mail-App ein App-Passwort.
next-guessing = Wenn Sie das nicht waren: Ändern Sie jetzt das Passwort Ihres Postfachs. Wer Codes ausprobiert, kennt es.
next-harmless = Wenn Sie das waren, ist nichts zu tun.
next-alarm = Wenn Sie das nicht waren: Ändern Sie jetzt das Passwort Ihres Postfachs, melden Sie alle anderen Sitzungen ab, widerrufen Sie App-Passwörter, die Sie nicht kennen, und sagen Sie Ihrem Administrator Bescheid.
panel = Das Selbstbedienungs-Panel: { $url }
footer = Sie erhalten diesen Brief, weil sich an der Sicherheit Ihres Postfachs etwas geändert hat. Welche Briefe Sie bekommen, wählen Sie im Selbstbedienungs-Panel. Niemand wird Sie je per Mail nach einem Passwort oder Code fragen.
