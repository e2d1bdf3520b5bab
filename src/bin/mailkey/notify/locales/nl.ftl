app-password-created-subject = Nieuw app-wachtwoord
app-password-created = Voor uw postvak is een app-wachtwoord gemaakt: { $subject }.
authenticator-added-subject = Nog een authenticator
authenticator-added = Aan uw postvak is een authenticator toegevoegd, waarvan de codes vanaf nu gelden: { $subject }.
code-guessing-subject = Iemand raadt uw codes
code-guessing = Iemand die het wachtwoord van uw postvak kent, probeert codes. Zo is niemand binnengekomen.
enrolment-due-subject = Inloggen in twee stappen wordt verplicht
enrolment-due = Vanaf { $date } kunt u uw postvak alleen nog gebruiken met inloggen in twee stappen. Dat staat nog niet aan; mail-apps die het wachtwoord van uw postvak gebruiken, werken dan niet meer.
new-network-subject = Inloggen vanaf een nieuwe plek
new-network = Iemand heeft bij uw postvak ingelogd vanaf een netwerk dat daarvoor nog niet was gebruikt.
notices-changed-subject = Berichten zijn gewijzigd
notices-changed = Hoe u over uw postvak bericht krijgt, is gewijzigd: berichten zijn uitgezet of gaan vanaf nu naar andere adressen. Dit is de laatste brief volgens de oude instellingen.
password-changed-subject = Het wachtwoord is gewijzigd
password-changed = Het wachtwoord van uw postvak is gewijzigd.
recovery-code-used-subject = Er is een herstelcode gebruikt
recovery-code-used = { $left ->
    [0] Met een herstelcode is bij uw postvak ingelogd. Het was de laatste: maak nu nieuwe.
    [one] Met een herstelcode is bij uw postvak ingelogd. Er is er nog één over: maak binnenkort nieuwe.
   *[other] Met een herstelcode is bij uw postvak ingelogd. Er zijn er nog { $left } over.
}
recovery-codes-replaced-subject = Nieuwe herstelcodes
recovery-codes-replaced = Voor uw postvak zijn nieuwe herstelcodes gemaakt. De oude gelden niet meer.
two-factor-off-subject = Inloggen in twee stappen is uit
two-factor-off = Inloggen in twee stappen is voor uw postvak uitgezet. Het wachtwoord alleen opent het weer.
two-factor-on-subject = Inloggen in twee stappen is aan
two-factor-on = Inloggen in twee stappen is voor uw postvak aangezet. Mail-apps hebben vanaf nu een app-wachtwoord nodig.

account = Postvak: { $account }
when = Wanneer: { $time }
from = Vanaf: { $address }
via-command = Door: uw beheerder
via-panel = Waar: het zelfbedieningspaneel
via-webmail = Waar: de webmail
next-enrol = Zet het voor die tijd aan in het zelfbedieningspaneel, en maak voor elke mail-app een app-wachtwoord.
next-guessing = Was u het niet: wijzig nu het wachtwoord van uw postvak. Wie codes probeert, kent het.
next-harmless = Was u het zelf, dan hoeft u niets te doen.
next-alarm = Was u het niet: wijzig nu het wachtwoord van uw postvak, log alle andere sessies uit, trek app-wachtwoorden in die u niet kent, en waarschuw uw beheerder.
panel = Het zelfbedieningspaneel: { $url }
footer = U krijgt deze brief omdat er iets is veranderd aan de beveiliging van uw postvak. Welke brieven u krijgt, kiest u in het zelfbedieningspaneel. Niemand zal u ooit per mail om een wachtwoord of code vragen.
