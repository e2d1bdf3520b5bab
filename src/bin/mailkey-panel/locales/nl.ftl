# Inloggen op mail: de teksten van het paneel. Dezelfde berichten als en.ftl, het voorbeeld.

## Around every page

product = Inloggen op mail
skip = Naar de inhoud
nav-label = Onderdelen
nav-overview = Overzicht
nav-two-factor = Twee stappen
nav-app-passwords = App-wachtwoorden
nav-password = Wachtwoord
nav-activity = Activiteit
language = Taal
support = Hulp
sign-out = Uitloggen
cancel = Annuleren
copy = Kopiëren
copied = Gekopieerd
copy-failed = Kopieer het met de hand
print = Afdrukken
optional = niet verplicht
never = Nooit
wrong-prefix = Fout:{" "}
wrong-title = Let op het volgende:
password-show = Tonen
password-hide = Verbergen
password-show-label = Wachtwoord tonen
password-hide-label = Wachtwoord verbergen

ago-now = zojuist
ago-minutes = { $n ->
    [one] { $n } minuut geleden
   *[other] { $n } minuten geleden
}
ago-hours = { $n ->
    [one] { $n } uur geleden
   *[other] { $n } uur geleden
}

must-enrol-from = Inloggen in twee stappen is hier verplicht vanaf { $time }. Zet het voor die tijd aan.
must-enrol-link = Nu aanzetten
must-enrol-now = Inloggen in twee stappen is hier verplicht. Zet het aan om verder te gaan; daarna gaat al het andere open.

## What was just done

notice-signed-out = U bent uitgelogd.
notice-two-factor-on = Inloggen in twee stappen staat aan.
notice-two-factor-off = Inloggen in twee stappen staat uit. Codes en herstelcodes gelden niet meer.
notice-enrolment-cancelled = Er is niets veranderd.
notice-authenticator-added = De authenticator is toegevoegd. De codes ervan gelden vanaf nu.
notice-authenticator-removed = De authenticator is verwijderd. De codes ervan gelden niet meer.
notice-recovery-codes-replaced = De nieuwe herstelcodes gelden. De oude niet meer.
notice-app-password-created = Het app-wachtwoord is klaar voor gebruik.
notice-app-password-revoked = Het app-wachtwoord is ingetrokken. Het opent niets meer.
notice-app-passwords-revoked = Alle app-wachtwoorden zijn ingetrokken. Ze openen niets meer.
notice-password-changed = Het wachtwoord is gewijzigd. Uw app-wachtwoorden blijven geldig.
notice-password-changed-and-revoked = Het wachtwoord is gewijzigd en alle app-wachtwoorden zijn ingetrokken.
notice-session-ended = Die sessie is uitgelogd.
notice-other-sessions-ended = Alle andere sessies zijn uitgelogd.

## Signing in

sign-in-title = Inloggen
sign-in-lead = Inloggen in twee stappen en app-wachtwoorden voor uw mailbox
sign-in-name = E-mailadres
sign-in-password = Wachtwoord
sign-in-code-hint = Als inloggen in twee stappen aanstaat: de code uit uw authenticator-app of een herstelcode.
sign-in = Inloggen
sign-in-not-app-password = Gebruik het wachtwoord van uw mailbox. App-wachtwoorden gelden alleen in mailapps.
second-step-title = Tweede stap
second-step-lead = Het wachtwoord klopt. Bevestig dat u het bent: { $name }
second-step-continue = Inloggen
second-step-back = Als iemand anders inloggen
code = Code
code-hint = De { $digits } cijfers die uw authenticator-app nu toont.
code-or-recovery-hint = De { $digits } cijfers die uw authenticator-app nu toont, of een herstelcode.
recovery-code = Herstelcode
recovery-code-use = Een herstelcode gebruiken
recovery-code-hint = Met de streepjes, bijvoorbeeld ab2c-de3f-gh4j. Elke code werkt één keer.
account-password = Wachtwoord van uw mailbox
prove-title = Bevestig dat u het bent
prove-code-lead = Uw laatste code is enkele minuten geleden. Voer er voor deze wijziging nog een in.
prove-password-lead = U hebt uw wachtwoord enkele minuten geleden getypt. Typ het voor deze wijziging nog een keer.
prove-continue = Verder

problem-missing = Vul alle velden in.
problem-sign-in = Het adres of het wachtwoord klopt niet, of de code past niet. Controleer het en probeer het opnieuw.
problem-wrong-password = Het wachtwoord klopt niet. Probeer het opnieuw.
problem-code-shape = Dat is geen code. Typ de { $digits } cijfers die uw authenticator-app nu toont.
problem-wrong-code = De code klopt niet. Wacht op de volgende en controleer of de klok van uw telefoon zichzelf gelijkzet.
problem-code-used = Elke code werkt één keer. Wacht op de volgende.
problem-wrong-recovery-code = De herstelcode klopt niet. Typ hem met de streepjes, uit uw nieuwste reeks.
problem-recovery-code-used = Deze herstelcode is al gebruikt. Neem een andere.
problem-invitation-missing = Typ de uitnodiging. Hebt u er geen, vraag er dan een aan uw beheerder.
problem-invitation-shape = Dat is geen uitnodiging. Die heeft 16 letters en cijfers, in vier groepen.
problem-invitation-wrong = De uitnodiging klopt niet of geldt niet meer. Controleer haar en gebruik de nieuwste; vraag anders uw beheerder om een andere.
problem-invitation-expired = Deze uitnodiging is verlopen. Vraag uw beheerder om een nieuwe.
problem-app-password = App-wachtwoorden gelden alleen in mailapps. Log in met het wachtwoord van uw mailbox.
problem-disabled = Dit account is geblokkeerd. Vraag het uw beheerder.
problem-password-expired = Uw wachtwoord is verlopen. Wijzig het waar u dat gewoonlijk doet en log daarna hier in.
problem-throttled = Te veel mislukte pogingen. Wacht enkele minuten en probeer het dan opnieuw.
problem-changed = Het account is op hetzelfde moment gewijzigd. Probeer het opnieuw.
problem-step-expired = De code kwam niet op tijd. Log opnieuw in.
problem-session-ended = Uw sessie is beëindigd: ze is te lang niet gebruikt, heeft haar maximale duur bereikt of is elders beëindigd. Log opnieuw in.
problem-busy = Er loggen nu veel mensen in. Probeer het zo meteen opnieuw.
problem-unavailable = Wachtwoorden kunnen op dit moment niet worden gecontroleerd. Probeer het later opnieuw; meld het uw beheerder als het aanhoudt.

## Overview

overview-title = Overzicht
overview-manage = Beheren
overview-turn-on = Inloggen in twee stappen aanzetten
overview-authenticators = { $n ->
    [one] Eén authenticator maakt uw codes.
   *[other] { $n } authenticators maken uw codes.
}
overview-app-passwords = { $n ->
    [0] Geen enkele mailapp heeft een app-wachtwoord.
    [one] Eén app-wachtwoord is geldig.
   *[other] { $n } app-wachtwoorden zijn geldig.
}
overview-last = Recent ingelogd
overview-all-activity = Alle activiteit en sessies

attention-title = Vraagt uw aandacht
attention-more = { $n ->
    [one] Nog één: alle activiteit bekijken
   *[other] Nog { $n }: alle activiteit bekijken
}
finding-not-you = Als u het niet was, kent iemand uw wachtwoord: wijzig het
finding-paused-codes = Te veel verkeerde codes: tot { $time } wordt er geen aangenomen
finding-paused-passwords = Te veel verkeerde wachtwoorden: tot { $time } wordt er van daar geen bekeken
    .step = Bekijken wat er is gebeurd
finding-account-password-used = Een mailapp gebruikt nog het wachtwoord van de mailbox en wordt geweigerd
    .step = Er een app-wachtwoord voor maken
finding-code-in-mail-app = In een mailapp zijn wachtwoord en code getypt; de app heeft in plaats daarvan een app-wachtwoord nodig
    .step = Er een app-wachtwoord voor maken
finding-revoked-app-password-used = Een apparaat gebruikt nog een ingetrokken app-wachtwoord
    .step = Als het apparaat nog van u is, er een nieuw voor maken
finding-expired-app-password-used = Een apparaat gebruikt nog een verlopen app-wachtwoord
    .step = Er een nieuw voor maken
finding-app-password-for-other-protocols = Een app-wachtwoord wordt gebruikt voor iets waarvoor het niet geldt
    .step = Er een maken dat hiervoor geldt
finding-app-password-for-other-networks = Een app-wachtwoord wordt buiten zijn netwerken gebruikt
    .step = Er een zonder die beperking maken als het apparaat onderweg is
finding-wrong-app-password = Een mailapp heeft een app-wachtwoord dat niet van u is
    .step = Het begin ervan vergelijken met uw app-wachtwoorden
finding-app-password-outside-mail-apps = Er is een app-wachtwoord getypt in de webmail, waar het wachtwoord van de mailbox geldt
    .step = Bekijken wat er is gebeurd
finding-code-missing = In de webmail is uw wachtwoord getypt zonder code
    .step = Typ de code er ook bij.
finding-wrong-code = Uw wachtwoord klopte, de code niet
    .step = Controleer of de klok van uw telefoon zichzelf gelijkzet.
finding-wrong-recovery-code = Uw wachtwoord klopte, de herstelcode was verkeerd of al gebruikt
    .step = Nieuwe herstelcodes maken
finding-wrong-password = Er kwam een verkeerd wachtwoord van een adres dat u eerder hebt gebruikt
    .step = Als een apparaat van u een oud wachtwoord heeft, typ daar dan het juiste.
finding-guesses = { $n ->
    [one] Er kwamen verkeerde wachtwoorden van een adres dat uw mailbox nooit heeft geopend: iemand zit te raden, of een nieuw apparaat is verkeerd ingesteld
   *[other] Er kwamen verkeerde wachtwoorden van { $n } adressen die uw mailbox nooit hebben geopend: iemand zit te raden
}
    .step = Bekijken wat er is gebeurd
finding-enrolment-pending = Inloggen in twee stappen staat nog niet aan: het wacht op de eerste code
    .step = Ermee verdergaan

## Two-factor sign-in

two-factor-title = Inloggen in twee stappen
two-factor-is-on = Inloggen in twee stappen staat aan
two-factor-is-off = Inloggen in twee stappen staat uit
two-factor-lead = Met inloggen in twee stappen opent een gestolen wachtwoord alleen niets: webmail en deze pagina vragen ook een code van uw telefoon, en elke mailapp krijgt een eigen wachtwoord.
two-factor-steps-title = Zo werkt het
two-factor-step-app = U hebt een authenticator-app op uw telefoon nodig, zoals Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator of 2FAS, of een wachtwoordbeheerder die codes maakt.
two-factor-step-scan = U scant er een QR-code mee en typt de code die de app toont.
two-factor-step-codes = U krijgt tien herstelcodes voor de dag waarop u de telefoon kwijt bent.
two-factor-step-apps = Mailapps die het wachtwoord van uw mailbox gebruiken, werken niet meer. U maakt voor elk ervan een app-wachtwoord.
two-factor-begin = Aanzetten
invitation = Uitnodiging
invitation-lead = Hier zet u het aan met een uitnodiging: een code die u van uw beheerder krijgt. Zo kan niemand die alleen uw wachtwoord heeft het in uw plaats doen.
invitation-hint = 16 letters en cijfers, bijvoorbeeld K7M2-9XQD-0011-ABCD. Hoofdletters, spaties en streepjes maken niet uit.
authenticators-title = Authenticators
authenticator-name = Naam van de authenticator
authenticator-name-hint = Zodat u hem van andere kunt onderscheiden, bijvoorbeeld ‘Mijn telefoon’.
authenticator-proposed = Telefoon
authenticator-since = Toegevoegd op { $date }
authenticator-remove = Verwijderen
authenticator-add = Nog een authenticator toevoegen
authenticator-add-lead = Bijvoorbeeld op een tweede telefoon of in een wachtwoordbeheerder. De codes van elk ervan gelden.
authenticator-begin = QR-code tonen
authenticator-remove-title = Deze authenticator verwijderen?
authenticator-remove-lead = De codes van { $name } werken meteen niet meer.
authenticator-remove-effect-others = Uw andere authenticators en uw herstelcodes blijven zoals ze zijn.
authenticator-remove-effect-app = Verwijder daarna ook de regel in de app: die is niet meer van nut.
authenticator-remove-do = Verwijderen
enrolment-waits = U bent begonnen een authenticator toe te voegen.
enrolment-go-on = Verdergaan
enrolment-again = Er is een authenticator begonnen en niet afgemaakt. Begin opnieuw: u krijgt een nieuwe QR-code en de oude geldt niet.
recovery-codes-title = Herstelcodes
recovery-codes-left = { $n ->
    [0] Er is geen herstelcode meer over. Maak nieuwe.
    [one] Er is één herstelcode over.
   *[other] Er zijn { $n } herstelcodes over.
}
recovery-codes-lead = Elke opent uw account één keer in plaats van een code uit de app, als u de telefoon niet bij de hand hebt.
recovery-codes-new = Nieuwe herstelcodes maken
recovery-codes-new-lead = U krijgt tien nieuwe codes. De oude werken meteen niet meer, en webmail en andere browsers worden uitgelogd.
recovery-codes-make = Nieuwe codes maken
recovery-codes-shown-lead = Bewaar deze codes waar u ze zonder uw telefoon vindt: afgedrukt of in een wachtwoordbeheerder. Elke werkt één keer.
recovery-codes-once = Ze worden niet nog een keer getoond. Berg ze op voordat u verdergaat.
recovery-codes-save = Als bestand opslaan
recovery-codes-print = Elke code werkt één keer. Typ hem met de streepjes waar om de code wordt gevraagd.
recovery-codes-done = Ik heb ze opgeborgen
enrol-title-first = Inloggen in twee stappen aanzetten
enrol-title-further = Een authenticator toevoegen
enrol-lead = Twee stappen verbinden { $name } met uw mailbox.
enrol-scan-title = 1. Scan de QR-code
enrol-scan = Open de authenticator-app, kies een account toevoegen en richt de camera hierop.
enrol-qr-label = QR-code voor de authenticator-app
enrol-open-app = Leest u dit op de telefoon met de app? Open de app vanaf hier.
enrol-by-hand = Geheim met de hand typen
enrol-by-hand-lead = Als de camera niet kan worden gebruikt, kies dan in de app een sleutel invoeren.
enrol-secret = Geheim
enrol-form = Soort
enrol-form-is = Op tijd gebaseerd, { $digits } cijfers, { $period } seconden, { $algorithm }
enrol-confirm-title = 2. Typ de code
enrol-code-hint = De { $digits } cijfers die de app nu voor deze regel toont.
enrol-confirm-first = Aanzetten
enrol-confirm-further = Toevoegen
two-factor-off-title = Inloggen in twee stappen uitzetten
two-factor-off-teaser = Dan opent het wachtwoord van uw mailbox alleen weer alles.
two-factor-off-link = Uitzetten …
two-factor-off-lead = Als inloggen in twee stappen uitstaat:
two-factor-off-effect-password = Het wachtwoord van uw mailbox alleen opent webmail, deze pagina en mailapps.
two-factor-off-effect-codes = Uw authenticators en herstelcodes werken meteen niet meer.
two-factor-off-effect-apps = App-wachtwoorden blijven geldig. Webmail en andere browsers worden uitgelogd.
two-factor-off-effect-again = Om het weer aan te zetten scant u een nieuwe QR-code; de oude geldt nooit meer.
two-factor-off-effect-invitation = U kunt het alleen weer aanzetten met een nieuwe uitnodiging van uw beheerder.
two-factor-off-do = Uitzetten
two-factor-off-keep = Aan laten

## App passwords

app-passwords-title = App-wachtwoorden
app-passwords-lead = Een mailapp krijgt een eigen wachtwoord. Als u een apparaat kwijtraakt, trekt u het wachtwoord ervan in, en al het andere blijft werken.
app-passwords-lead-off = Een mailapp kan een eigen wachtwoord hebben. Als u een apparaat kwijtraakt, trekt u het wachtwoord ervan in, en al het andere blijft werken. Met inloggen in twee stappen heeft elke mailapp er een nodig.
app-passwords-none = Er is er nog geen.
app-passwords-ended = { $n ->
    [one] Eén die is ingetrokken of verlopen
   *[other] { $n } die zijn ingetrokken of verlopen
}
app-password-new = Nieuw app-wachtwoord
app-password-id = Begint met
app-password-for = Te gebruiken voor
app-password-for-hint = Laat het voor een gewone mailapp zoals het is.
app-password-created = Gemaakt
app-password-used = Laatst gebruikt
app-password-from = Alleen vanaf
app-password-revoked = Ingetrokken
app-password-expires = Geldig tot en met
app-password-expired = Verlopen
app-password-name = Naam
app-password-name-hint = De app en het apparaat, bijvoorbeeld ‘Thunderbird op mijn laptop’.
app-password-limits = Beperkingen: geldigheid en netwerken
app-password-expiry = Geldig
app-password-networks = Alleen vanaf deze netwerken
app-password-networks-hint = Adressen of netwerken, gescheiden door komma’s, bijvoorbeeld 192.0.2.7, 2001:db8::/32. Laat het leeg als het apparaat onderweg is.
app-password-make = App-wachtwoord maken
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Mail lezen (IMAP)
protocol-pop3-for = Mail ophalen (POP3)
protocol-smtp-for = Mail verzenden (SMTP)
protocol-sieve-for = Filters (Sieve)
expires-never = tot het wordt ingetrokken
expires-30d = 30 dagen
expires-90d = 90 dagen
expires-1y = een jaar
expires-date = tot en met een dag:
expires-date-label = Laatste dag
problem-name-empty = Geef een naam op, om onderscheid te kunnen maken.
problem-name-long = De naam is te lang. Gebruik hoogstens { $max } tekens.
problem-name-unprintable = De naam bevat een teken dat niet kan worden getoond. Gebruik letters, cijfers, symbolen en spaties.
problem-no-protocol = Kies ten minste één doel, anders opent het niets.
problem-no-date = Kies de laatste dag waarop het moet werken.
problem-expiry-past = Die dag is voorbij. Kies een latere.
problem-network = ‘{ $network }’ is geen adres en geen netwerk. Schrijf het als 192.0.2.7 of 192.0.2.0/24.
problem-too-many = U hebt { $most } app-wachtwoorden, en meer is niet toegestaan. Trek er een in die niet meer wordt gebruikt.
new-app-password-title = Nieuw app-wachtwoord
new-app-password-lead = Maak er een voor elke app op elk apparaat.
created-title = Uw nieuwe app-wachtwoord
created-lead = Typ het nu in { $name }, in plaats van het wachtwoord van uw mailbox.
created-secret = App-wachtwoord
created-once = Het wordt alleen nu getoond. Niemand hoeft het te onthouden: maak voor een ander apparaat een ander.
created-qr = Als QR-code tonen
created-qr-lead = Lees het met de camera van uw telefoon en kopieer het vandaar naar de mailapp.
created-qr-label = QR-code van het app-wachtwoord
created-settings = Instellingen van de mailapp
created-settings-lead = Veel apps vinden ze zelf. Als die van u erom vraagt, zijn dit de juiste:
created-no-servers = Uw beheerder kan u de namen van de servers geven.
created-profile-title = iPhone, iPad en Mac
created-profile-lead = Open dit bestand op het apparaat: het stelt de app Mail van Apple in met alles wat nodig is.
created-profile = Configuratieprofiel
created-profile-warning = Het app-wachtwoord staat in het bestand. Verwijder het zodra het is geïnstalleerd.
created-profile-without = Profiel zonder het app-wachtwoord
created-expires = Het werkt tot en met { $date }.
created-done = Klaar
settings-user = Gebruikersnaam
settings-password = Wachtwoord
settings-password-is = het app-wachtwoord hierboven
settings-imap = Inkomende mail: IMAP
settings-pop3 = Inkomende mail: POP3
settings-smtp = Uitgaande mail: SMTP
settings-sieve = Filters: ManageSieve
settings-host = Server
settings-port = Poort
settings-security = Versleuteling
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Intrekken
revoke-title = ‘{ $name }’ intrekken?
revoke-lead = { $name } werkt meteen niet meer: mail ophalen of verzenden kan dan niet meer.
revoke-used = Laatst gebruikt: { $time }.
revoke-again = Dit kan niet ongedaan worden gemaakt. Voor dezelfde app kunt u altijd een nieuw app-wachtwoord maken.
revoke-do = Intrekken
revoke-keep = Behouden
revoke-all-link = Alle intrekken
revoke-all-title = { $n ->
    [one] Het app-wachtwoord intrekken?
   *[other] Alle { $n } app-wachtwoorden intrekken?
}
revoke-all-lead = Alle mailapps op al uw apparaten werken meteen niet meer, tot u elk een nieuw app-wachtwoord geeft.
revoke-all-do = Alle intrekken

## Password

password-title = Wachtwoord
password-lead = Dit is het wachtwoord van uw mailbox: voor webmail en voor deze pagina.
password-elsewhere = Het wachtwoord van uw mailbox wordt door een ander systeem beheerd en kan hier niet worden gewijzigd. Wijzig het waar u het wachtwoord van uw computer of organisatie wijzigt, of vraag het uw beheerder.
password-current = Huidig wachtwoord
password-new = Nieuw wachtwoord
password-new-hint = { $min ->
    [one] Ten minste { $min } teken. Lang is beter dan ingewikkeld.
   *[other] Ten minste { $min } tekens. Lang is beter dan ingewikkeld.
}
password-again = Nieuw wachtwoord, nog een keer
password-effects-title = Wat er gebeurt
password-effect-sessions = Webmail en alle andere browsers worden uitgelogd.
password-effect-app-passwords = { $n ->
    [one] Uw app-wachtwoord blijft geldig, tenzij u anders kiest.
   *[other] Uw { $n } app-wachtwoorden blijven geldig, tenzij u anders kiest.
}
password-revoke = Ook alle app-wachtwoorden intrekken
password-revoke-hint = Doe dit als iemand anders uw wachtwoord kan kennen of een apparaat van u had.
password-change = Wachtwoord wijzigen
problem-again = De twee nieuwe wachtwoorden verschillen. Typ twee keer hetzelfde.
problem-too-short = { $min ->
    [one] Het nieuwe wachtwoord is te kort. Gebruik ten minste { $min } teken.
   *[other] Het nieuwe wachtwoord is te kort. Gebruik ten minste { $min } tekens.
}
problem-too-long = Het nieuwe wachtwoord is te lang. Gebruik hoogstens { $max } bytes.
problem-control = Het nieuwe wachtwoord bevat een stuurteken. Gebruik letters, cijfers, symbolen en spaties.
problem-looks-like = Het nieuwe wachtwoord lijkt op een app-wachtwoord of een herstelcode en zou daarvoor worden aangezien. Kies een ander.
problem-is-name = Het nieuwe wachtwoord is de naam van het account. Kies een ander.
problem-unchanged = Het nieuwe wachtwoord is het oude. Kies een ander.

## Activity and sessions

activity-title = Activiteit
activity-list = Wat er is gebeurd
activity-none = Nog niets.
activity-lead = Als u iets hiervan niet was: wijzig uw wachtwoord, trek app-wachtwoorden in die u niet kent en maak nieuwe herstelcodes.
activity-count = { $n ->
    [one] één keer sinds { $since }
   *[other] { $n } keer sinds { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = door een beheerder
activity-unknown = Andere gebeurtenis: { $name }
app-password-by-name = ‘{ $name }’, { $id }
app-password-by-id = app-wachtwoord { $id }
sessions-title = Ingelogd
sessions-lead = Mailapps staan hier niet bij: elk heeft een app-wachtwoord.
sessions-end-others-lead = Logt webmail en alle andere browsers uit. Mailapps blijven werken.
sessions-end-others = Overal elders uitloggen
session-this = Deze browser
session-panel = Deze pagina: accountinstellingen
session-webmail = Webmail
session-unknown-browser = Onbekende browser
session-opened = Ingelogd: { $time }
session-used = Laatst gebruikt: { $time }
method-password = met het wachtwoord
method-totp = met wachtwoord en code
method-recovery-code = met wachtwoord en herstelcode
accepted-app-password = Mailapp ingelogd – { $app }
accepted-app-password-unnamed = Mailapp ingelogd met een app-wachtwoord
accepted-client = Mailapp ingelogd met het wachtwoord van de mailbox
accepted-session = Webmail in gebruik
accepted-webmail = Ingelogd op webmail
accepted-webmail-recovery-code = Ingelogd op webmail met een herstelcode
accepted-panel = Ingelogd op deze pagina
signed-out-webmail = Uitgelogd van webmail
signed-out-panel = Uitgelogd van deze pagina

event-account-created = Account aangemaakt
event-account-disabled = Account geblokkeerd
event-account-enabled = Account gedeblokkeerd
event-account-renamed = Account hernoemd
event-app-password-created = App-wachtwoord gemaakt
event-app-password-revoked = App-wachtwoord ingetrokken
event-authenticator-added = Authenticator toegevoegd
event-authenticator-removed = Authenticator verwijderd
event-code-verified = Code opnieuw getoond vóór een wijziging
event-enrolment-begun = QR-code voor een authenticator getoond
event-invitation-created = Uitgenodigd om inloggen in twee stappen aan te zetten
event-invitation-refused = Geweigerd: de uitnodiging klopte niet of was verlopen
event-invitation-revoked = Uitnodiging ingetrokken
event-password-changed = Wachtwoord gewijzigd
event-recovery-codes-replaced = Nieuwe herstelcodes gemaakt
event-requirement-cleared = Geen eigen regel meer voor inloggen in twee stappen
event-session-closed = Uitgelogd
event-session-revoked = Sessie elders uitgelogd
event-two-factor-exempted = Inloggen in twee stappen niet verplicht
event-two-factor-off = Inloggen in twee stappen uitgezet
event-two-factor-on = Inloggen in twee stappen aangezet
event-two-factor-required = Inloggen in twee stappen verplicht
event-two-factor-reset = Inloggen in twee stappen opnieuw ingesteld na verlies

reason-account-changed = Geweigerd: het account is op hetzelfde moment gewijzigd
    .step = Log opnieuw in.
reason-account-disabled = Geweigerd: het account is geblokkeerd
    .step = Vraag het uw beheerder.
reason-app-password-expired = Geweigerd: het app-wachtwoord is verlopen
    .step = Maak een nieuw voor deze app.
reason-app-password-not-allowed-here = Geweigerd: er is een app-wachtwoord getypt waar alleen het wachtwoord van de mailbox geldt
    .step = Gebruik app-wachtwoorden alleen in mailapps.
reason-app-password-required = Geweigerd: een mailapp gebruikte het wachtwoord van de mailbox
    .step = Maak een app-wachtwoord en typ het in die app.
reason-app-password-revoked = Geweigerd: een ingetrokken app-wachtwoord wordt nog gebruikt
    .step = Maak een nieuw als het apparaat nog van u is. Bent u het kwijt, dan hoeft u niets te doen: het blijft buiten.
reason-code-required = Wachtwoord klopt, code niet getoond
    .step = Elke keer inloggen op deze pagina begint zo. Als u het niet was, kent iemand uw wachtwoord: wijzig het.
reason-code-used = Geweigerd: de code was al gebruikt
    .step = Wacht op de volgende code.
reason-credential-too-long = Geweigerd: het wachtwoord was langer dan er een kan zijn
reason-empty-credential = Geweigerd: er is geen wachtwoord gestuurd
    .step = Typ het wachtwoord opnieuw in de app.
reason-enrolment-required = Geweigerd: eerst moet inloggen in twee stappen aan
    .step = Zet het hier aan.
reason-invalid-name = Geweigerd: de gebruikersnaam is niet gespeld als die van een account
    .step = Controleer hem op spaties en het domein.
reason-network-not-allowed = Geweigerd: het app-wachtwoord is beperkt tot andere netwerken
    .step = Maak er een zonder die beperking als het apparaat onderweg is.
reason-not-authenticated = Geweigerd: het inloggen is niet voltooid
    .step = Meld het uw beheerder als het vaker gebeurt.
reason-password-refused = Het nieuwe wachtwoord is niet aangenomen
    .step = Kies een langer.
reason-protocol-not-allowed = Geweigerd: het app-wachtwoord is beperkt tot andere doelen
    .step = Maak er een dat hiervoor geldt.
reason-protocol-unknown = Geweigerd: de server zei niet waarvoor het was
    .step = Meld het uw beheerder.
reason-recovery-code-used = Geweigerd: de herstelcode was al gebruikt
    .step = Neem een andere uit uw reeks.
reason-session-ended = Geweigerd: de webmailsessie is beëindigd
    .step = Log opnieuw in op webmail.
reason-session-expired = Geweigerd: de webmailsessie is verlopen
    .step = Log opnieuw in op webmail.
reason-session-malformed = Geweigerd: de webmail stuurde iets wat geen sessie is
    .step = Meld het uw beheerder als het vaker gebeurt.
reason-session-not-allowed-here = Geweigerd: webmailsessies openen hier niets
    .step = Meld het uw beheerder als het vaker gebeurt.
reason-session-reused = Geweigerd: de webmailsessie was al eens gebruikt
    .step = Log opnieuw in op webmail.
reason-session-unconfirmed = Geweigerd: het inloggen op webmail is niet voltooid
    .step = Log opnieuw in op webmail.
reason-session-unknown = Geweigerd: de webmailsessie is onbekend
    .step = Log opnieuw in op webmail.
reason-throttled = Geweigerd: te veel mislukte pogingen
    .step = Wacht enkele minuten. Als u het niet was, zit iemand te raden: een lang wachtwoord en inloggen in twee stappen houden hem buiten.
reason-unknown-account = Geweigerd: dit account bestaat niet
reason-wrong-app-password = Geweigerd: verkeerd app-wachtwoord
    .step = Maak een nieuw voor deze app.
reason-wrong-code = Geweigerd: wachtwoord klopt, code niet
    .step = Als u het niet was, kent iemand uw wachtwoord: wijzig het.
reason-wrong-password = Geweigerd: verkeerd wachtwoord
    .step = Als een apparaat van u nog een oud wachtwoord heeft, typ daar dan het nieuwe.
reason-wrong-recovery-code = Geweigerd: wachtwoord klopt, herstelcode niet
    .step = Als u het niet was, kent iemand uw wachtwoord: wijzig het.

## Pages that say one thing

message-home = Naar het overzicht
message-again = Opnieuw proberen
message-not-found-title = Deze pagina bestaat niet
message-not-found = Het adres klopt niet, of wat erachter zat is er niet meer.
message-form-expired-title = Dit formulier is verlopen
message-form-expired = Er is niets veranderd. Open de pagina opnieuw en herhaal het. Sta cookies toe voor deze pagina als het weer gebeurt.
message-secret-gone-title = Dit wordt niet meer getoond
message-secret-gone = Geheimen worden één keer getoond, enkele minuten lang. Hebt u het niet opgeborgen, maak dan een nieuw en trek het oude in.
message-too-many-requests-title = Te veel verzoeken
message-too-many-requests = Vanaf uw netwerk zijn meer pagina’s opgevraagd dan iemand kan lezen. Wacht een minuut en probeer het dan opnieuw.
message-out-of-service-title = Op dit moment niet beschikbaar
message-out-of-service = Uw account is nu niet bereikbaar. Er is niets veranderd. Probeer het over enkele minuten opnieuw; meld het uw beheerder als het aanhoudt.
message-internal-title = Er ging iets mis
message-internal = De fout ligt bij ons en is vastgelegd. Kijk of uw laatste wijziging is gemaakt voordat u haar herhaalt.

## Notices by mail

notices-title = Berichten
notices-lead = U krijgt een mail als er iets verandert aan de beveiliging van uw postvak: inloggen in twee stappen, app-wachtwoorden, het wachtwoord, herstelcodes, inloggen vanaf een nieuwe plek.
notices-on = Stuur mij berichten
notices-address = Nog een adres
notices-address-hint = Buiten dit postvak, voor het geval u het ooit niet kunt lezen. Het krijgt ook elk bericht.
notices-language = Ze worden geschreven in de taal die u voor deze pagina’s hebt gekozen.
notices-save = Opslaan
notice-notices-saved = Uw keuze is opgeslagen.
problem-notices-address = Dat is geen mailadres. Schrijf het als naam@example.org.
problem-notices-mailbox = Dat is het postvak zelf, dat berichten in elk geval krijgt. Geef een adres daarbuiten op.
activity-notices = Berichten per mail
