# Accesso alla posta: i testi del pannello. Gli stessi messaggi di en.ftl, il modello.

## Around every page

product = Accesso alla posta
skip = Vai al contenuto
nav-label = Sezioni
nav-overview = Riepilogo
nav-two-factor = Due fattori
nav-app-passwords = Password per le app
nav-password = Password
nav-activity = Attività
language = Lingua
support = Aiuto
sign-out = Esci
cancel = Annulla
copy = Copia
copied = Copiato
copy-failed = Copialo a mano
print = Stampa
optional = facoltativo
never = Mai
wrong-prefix = Errore:{" "}
wrong-title = Qualcosa richiede la tua attenzione:
password-show = Mostra
password-hide = Nascondi
password-show-label = Mostra la password
password-hide-label = Nascondi la password

ago-now = proprio ora
ago-minutes = { $n ->
    [one] { $n } minuto fa
   *[other] { $n } minuti fa
}
ago-hours = { $n ->
    [one] { $n } ora fa
   *[other] { $n } ore fa
}

must-enrol-from = L’accesso a due fattori sarà obbligatorio qui dal { $time }. Attivalo prima di allora.
must-enrol-link = Attivalo ora
must-enrol-now = L’accesso a due fattori qui è obbligatorio. Attivalo per continuare; tutto il resto si aprirà dopo.

## What was just done

notice-signed-out = Hai effettuato l’uscita.
notice-two-factor-on = L’accesso a due fattori è attivo.
notice-two-factor-off = L’accesso a due fattori è disattivato. I codici e i codici di recupero non valgono più.
notice-enrolment-cancelled = Non è stato cambiato nulla.
notice-authenticator-added = L’autenticatore è stato aggiunto. I suoi codici valgono da subito.
notice-authenticator-removed = L’autenticatore è stato rimosso. I suoi codici non valgono più.
notice-recovery-codes-replaced = I nuovi codici di recupero sono validi. I vecchi non lo sono più.
notice-app-password-created = La password per l’app è pronta all’uso.
notice-app-password-revoked = La password per l’app è stata revocata. Non apre più nulla.
notice-app-passwords-revoked = Tutte le password per le app sono state revocate. Non aprono più nulla.
notice-password-changed = La password è stata cambiata. Le tue password per le app restano valide.
notice-password-changed-and-revoked = La password è stata cambiata e tutte le password per le app sono state revocate.
notice-session-ended = Quella sessione è stata chiusa.
notice-other-sessions-ended = Tutte le altre sessioni sono state chiuse.

## Signing in

sign-in-title = Accedi
sign-in-lead = Accesso a due fattori e password per le app della tua casella
sign-in-name = Indirizzo e-mail
sign-in-password = Password
sign-in-code-hint = Se l’accesso a due fattori è attivo: il codice della tua app di autenticazione o un codice di recupero.
sign-in = Accedi
sign-in-not-app-password = Usa la password della tua casella. Le password per le app valgono solo nelle app di posta.
second-step-title = Secondo passaggio
second-step-lead = La password è corretta. Conferma che sei tu: { $name }
second-step-continue = Accedi
second-step-back = Accedi con un altro account
code = Codice
code-hint = Le { $digits } cifre che la tua app di autenticazione mostra ora.
code-or-recovery-hint = Le { $digits } cifre che la tua app di autenticazione mostra ora, oppure un codice di recupero.
recovery-code = Codice di recupero
recovery-code-use = Usa un codice di recupero
recovery-code-hint = Con i trattini, per esempio ab2c-de3f-gh4j. Ogni codice vale una sola volta.
account-password = Password della tua casella
prove-title = Conferma che sei tu
prove-code-lead = Sono passati alcuni minuti dal tuo ultimo codice. Prima di questa modifica inseriscine un altro.
prove-password-lead = Sono passati alcuni minuti da quando hai digitato la password. Prima di questa modifica digitala di nuovo.
prove-continue = Continua

problem-missing = Compila tutti i campi.
problem-sign-in = L’indirizzo o la password non è corretto, oppure il codice non va bene. Controlla e riprova.
problem-wrong-password = La password non è corretta. Riprova.
problem-code-shape = Questo non è un codice. Digita le { $digits } cifre che la tua app di autenticazione mostra ora.
problem-wrong-code = Il codice non è corretto. Attendi il prossimo e controlla che l’orologio del telefono si regoli da solo.
problem-code-used = Ogni codice vale una sola volta. Attendi il prossimo.
problem-wrong-recovery-code = Il codice di recupero non è corretto. Digitalo con i trattini, prendendolo dalla serie più recente.
problem-recovery-code-used = Questo codice di recupero è già stato usato. Prendine un altro.
problem-invitation-missing = Digita l’invito. Se non ne hai uno, chiedilo all’amministratore.
problem-invitation-shape = Questo non è un invito. Ha 16 lettere e cifre, in quattro gruppi.
problem-invitation-wrong = L’invito non è corretto o non vale più. Controllalo e usa il più recente; altrimenti chiedine un altro all’amministratore.
problem-invitation-expired = Questo invito è scaduto. Chiedine uno nuovo all’amministratore.
problem-app-password = Le password per le app valgono solo nelle app di posta. Accedi con la password della tua casella.
problem-disabled = Questo account è disabilitato. Rivolgiti all’amministratore.
problem-password-expired = La tua password è scaduta. Cambiala dove lo fai di solito, poi accedi qui.
problem-throttled = Troppi tentativi falliti. Attendi alcuni minuti, poi riprova.
problem-changed = L’account è stato modificato nello stesso momento. Riprova.
problem-step-expired = Il codice non è arrivato in tempo. Accedi di nuovo.
problem-session-ended = La tua sessione è terminata: è rimasta inutilizzata troppo a lungo, ha raggiunto la durata massima o è stata chiusa altrove. Accedi di nuovo.
problem-busy = In questo momento stanno accedendo molte persone. Riprova tra poco.
problem-unavailable = Al momento le password non possono essere controllate. Riprova più tardi; se continua, avvisa l’amministratore.

## Overview

overview-title = Riepilogo
overview-manage = Gestisci
overview-turn-on = Attiva l’accesso a due fattori
overview-authenticators = { $n ->
    [one] Un autenticatore genera i tuoi codici.
   *[other] { $n } autenticatori generano i tuoi codici.
}
overview-app-passwords = { $n ->
    [0] Nessuna app di posta ha una password per le app.
    [one] È valida una password per le app.
   *[other] Sono valide { $n } password per le app.
}
overview-last = Accessi recenti
overview-all-activity = Tutte le attività e le sessioni

attention-title = Richiede la tua attenzione
attention-more = { $n ->
    [one] Ancora uno: vedi tutte le attività
   *[other] Altri { $n }: vedi tutte le attività
}
finding-not-you = Se non eri tu, qualcuno conosce la tua password: cambiala
finding-paused-codes = Troppi codici errati: non se ne accetta nessuno fino al { $time }
finding-paused-passwords = Troppe password errate: da lì non se ne controlla nessuna fino al { $time }
    .step = Vedi che cosa è successo
finding-account-password-used = Un’app di posta usa ancora la password della casella e viene rifiutata
    .step = Crea una password per quest’app
finding-code-in-mail-app = In un’app di posta sono stati digitati password e codice; le serve invece una password per le app
    .step = Crea una password per quest’app
finding-revoked-app-password-used = Un dispositivo usa ancora una password per le app revocata
    .step = Se il dispositivo è ancora tuo, creane una nuova
finding-expired-app-password-used = Un dispositivo usa ancora una password per le app scaduta
    .step = Creane una nuova
finding-app-password-for-other-protocols = Una password per le app è usata per qualcosa per cui non vale
    .step = Creane una che valga per questo
finding-app-password-for-other-networks = Una password per le app è usata fuori dalle sue reti
    .step = Creane una senza questo limite se il dispositivo si sposta
finding-wrong-app-password = Un’app di posta ha una password per le app che non è tra le tue
    .step = Confronta il suo inizio con le tue password per le app
finding-app-password-outside-mail-apps = Una password per le app è stata digitata nella webmail, dove vale la password della casella
    .step = Vedi che cosa è successo
finding-code-missing = Nella webmail la tua password è stata digitata senza codice
    .step = Digita anche il codice.
finding-wrong-code = La tua password era corretta e il codice era errato
    .step = Controlla che l’orologio del telefono si regoli da solo.
finding-wrong-recovery-code = La tua password era corretta e il codice di recupero era errato o già usato
    .step = Crea nuovi codici di recupero
finding-wrong-password = Una password errata è arrivata da un indirizzo che hai già usato
    .step = Se un tuo dispositivo ha una vecchia password, digita lì quella giusta.
finding-guesses = { $n ->
    [one] Password errate sono arrivate da un indirizzo che non ha mai aperto la tua casella: qualcuno tira a indovinare, o un nuovo dispositivo è configurato male
   *[other] Password errate sono arrivate da { $n } indirizzi che non hanno mai aperto la tua casella: qualcuno tira a indovinare
}
    .step = Vedi che cosa è successo
finding-enrolment-pending = L’accesso a due fattori non è ancora attivo: attende il primo codice
    .step = Continua

## Two-factor sign-in

two-factor-title = Accesso a due fattori
two-factor-is-on = L’accesso a due fattori è attivo
two-factor-is-off = L’accesso a due fattori è disattivato
two-factor-lead = Con l’accesso a due fattori, una password rubata da sola non apre nulla: la webmail e questa pagina chiedono anche un codice dal tuo telefono, e ogni app di posta riceve una password tutta sua.
two-factor-steps-title = Come funziona
two-factor-step-app = Ti serve un’app di autenticazione sul telefono, come Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator o 2FAS, oppure un gestore di password che generi codici.
two-factor-step-scan = Con essa scansioni un codice QR e digiti il codice che mostra.
two-factor-step-codes = Ricevi dieci codici di recupero per il giorno in cui perdessi il telefono.
two-factor-step-apps = Le app di posta che usano la password della tua casella smettono di funzionare. Crei una password per ciascuna di esse.
two-factor-begin = Attiva
invitation = Invito
invitation-lead = Qui lo attivi con un invito: un codice che ti dà l’amministratore. Così nessuno che abbia soltanto la tua password può farlo al posto tuo.
invitation-hint = 16 lettere e cifre, per esempio K7M2-9XQD-0011-ABCD. Maiuscole, spazi e trattini non contano.
authenticators-title = Autenticatori
authenticator-name = Nome dell’autenticatore
authenticator-name-hint = Per distinguerlo dagli altri, per esempio «Il mio telefono».
authenticator-proposed = Telefono
authenticator-since = Aggiunto il { $date }
authenticator-remove = Rimuovi
authenticator-add = Aggiungi un altro autenticatore
authenticator-add-lead = Per esempio su un secondo telefono o in un gestore di password. Valgono i codici di ciascuno.
authenticator-begin = Mostra il codice QR
authenticator-remove-title = Rimuovere questo autenticatore?
authenticator-remove-lead = I codici di { $name } smettono subito di valere.
authenticator-remove-effect-others = Gli altri autenticatori e i codici di recupero restano come sono.
authenticator-remove-effect-app = Poi elimina anche la voce nell’app: non serve più.
authenticator-remove-do = Rimuovi
enrolment-waits = Hai iniziato ad aggiungere un autenticatore.
enrolment-go-on = Continua
enrolment-again = L’aggiunta di un autenticatore è stata iniziata e non completata. Ricomincia: ricevi un nuovo codice QR, e il vecchio non vale.
recovery-codes-title = Codici di recupero
recovery-codes-left = { $n ->
    [0] Non resta alcun codice di recupero. Creane di nuovi.
    [one] Resta un codice di recupero.
   *[other] Restano { $n } codici di recupero.
}
recovery-codes-lead = Ognuno apre il tuo account una volta al posto di un codice dell’app, quando il telefono non è a portata di mano.
recovery-codes-new = Crea nuovi codici di recupero
recovery-codes-new-lead = Ricevi dieci nuovi codici. I vecchi smettono subito di valere, e le sessioni della webmail e degli altri browser vengono chiuse.
recovery-codes-make = Crea nuovi codici
recovery-codes-shown-lead = Conserva questi codici dove li trovi anche senza telefono: stampati o in un gestore di password. Ognuno vale una sola volta.
recovery-codes-once = Non verranno mostrati di nuovo. Mettili al sicuro prima di continuare.
recovery-codes-save = Salva in un file
recovery-codes-print = Ogni codice vale una sola volta. Digitalo con i trattini dove viene chiesto il codice.
recovery-codes-done = Li ho messi al sicuro
enrol-title-first = Attiva l’accesso a due fattori
enrol-title-further = Aggiungi un autenticatore
enrol-lead = Due passaggi collegano { $name } alla tua casella.
enrol-scan-title = 1. Scansiona il codice QR
enrol-scan = Apri l’app di autenticazione, scegli di aggiungere un account e punta qui la fotocamera.
enrol-qr-label = Codice QR per l’app di autenticazione
enrol-open-app = Stai leggendo sul telefono che ha l’app? Aprila da qui.
enrol-by-hand = Digita il segreto a mano
enrol-by-hand-lead = Se non puoi usare la fotocamera, scegli nell’app di inserire una chiave.
enrol-secret = Segreto
enrol-form = Tipo
enrol-form-is = Basato sull’ora, { $digits } cifre, { $period } secondi, { $algorithm }
enrol-confirm-title = 2. Digita il codice
enrol-code-hint = Le { $digits } cifre che l’app mostra ora per questa voce.
enrol-confirm-first = Attiva
enrol-confirm-further = Aggiungi
two-factor-off-title = Disattiva l’accesso a due fattori
two-factor-off-teaser = La password della tua casella aprirà di nuovo tutto da sola.
two-factor-off-link = Disattiva…
two-factor-off-lead = Quando l’accesso a due fattori è disattivato:
two-factor-off-effect-password = La password della tua casella apre da sola la webmail, questa pagina e le app di posta.
two-factor-off-effect-codes = I tuoi autenticatori e codici di recupero smettono subito di valere.
two-factor-off-effect-apps = Le password per le app restano valide. Le sessioni della webmail e degli altri browser vengono chiuse.
two-factor-off-effect-again = Per riattivarlo scansionerai un nuovo codice QR; il vecchio non varrà mai più.
two-factor-off-effect-invitation = Potrai riattivarlo soltanto con un nuovo invito dell’amministratore.
two-factor-off-do = Disattiva
two-factor-off-keep = Lascialo attivo

## App passwords

app-passwords-title = Password per le app
app-passwords-lead = Un’app di posta riceve una password tutta sua. Se perdi un dispositivo, revochi la sua password e tutto il resto continua a funzionare.
app-passwords-lead-off = Un’app di posta può avere una password tutta sua. Se perdi un dispositivo, revochi la sua password e tutto il resto continua a funzionare. Con l’accesso a due fattori ogni app di posta ne ha bisogno.
app-passwords-none = Non ce n’è ancora nessuna.
app-passwords-ended = { $n ->
    [one] Una revocata o scaduta
   *[other] { $n } revocate o scadute
}
app-password-new = Nuova password per un’app
app-password-id = Inizia con
app-password-for = Vale per
app-password-for-hint = Per una normale app di posta lascia così com’è.
app-password-created = Creata
app-password-used = Ultimo uso
app-password-from = Solo da
app-password-revoked = Revocata
app-password-expires = Valida fino al
app-password-expired = Scaduta
app-password-name = Nome
app-password-name-hint = L’app e il dispositivo, per esempio «Thunderbird sul mio portatile».
app-password-limits = Limiti: validità e reti
app-password-expiry = Validità
app-password-networks = Solo da queste reti
app-password-networks-hint = Indirizzi o reti separati da virgole, per esempio 192.0.2.7, 2001:db8::/32. Lascia vuoto se il dispositivo si sposta.
app-password-make = Crea password per l’app
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Leggere la posta (IMAP)
protocol-pop3-for = Scaricare la posta (POP3)
protocol-smtp-for = Inviare la posta (SMTP)
protocol-sieve-for = Filtri (Sieve)
expires-never = finché non viene revocata
expires-30d = per 30 giorni
expires-90d = per 90 giorni
expires-1y = per un anno
expires-date = fino a un giorno compreso:
expires-date-label = Ultimo giorno
problem-name-empty = Dai un nome, per distinguere questa voce dalle altre.
problem-name-long = Il nome è troppo lungo. Usa al massimo { $max } caratteri.
problem-name-unprintable = Il nome contiene un carattere che non può essere mostrato. Usa lettere, cifre, simboli e spazi.
problem-no-protocol = Scegli almeno un uso, altrimenti non apre nulla.
problem-no-date = Scegli l’ultimo giorno in cui deve funzionare.
problem-expiry-past = Quel giorno è passato. Scegline uno successivo.
problem-network = «{ $network }» non è né un indirizzo né una rete. Scrivi per esempio 192.0.2.7 o 192.0.2.0/24.
problem-too-many = Hai { $most } password per le app e non ne sono consentite altre. Revocane una che non usi più.
new-app-password-title = Nuova password per un’app
new-app-password-lead = Creane una per ogni app su ogni dispositivo.
created-title = La tua nuova password per l’app
created-lead = Digitala ora in { $name }, al posto della password della tua casella.
created-secret = Password per l’app
created-once = Viene mostrata solo ora. Non serve ricordarla: per un altro dispositivo creane un’altra.
created-qr = Mostrala come codice QR
created-qr-lead = Leggila con la fotocamera del telefono e copiala da lì nell’app di posta.
created-qr-label = Codice QR della password per l’app
created-settings = Impostazioni dell’app di posta
created-settings-lead = Molte app le trovano da sole. Se la tua le chiede, queste sono quelle giuste:
created-no-servers = L’amministratore può dirti i nomi dei server.
created-profile-title = iPhone, iPad e Mac
created-profile-lead = Apri questo file sul dispositivo: configura l’app Mail di Apple con tutto il necessario.
created-profile = Profilo di configurazione
created-profile-warning = La password per l’app è nel file. Eliminalo quando è installato.
created-profile-without = Profilo senza la password per l’app
created-expires = Funziona fino al { $date } compreso.
created-done = Fatto
settings-user = Nome utente
settings-password = Password
settings-password-is = la password per l’app qui sopra
settings-imap = Posta in arrivo: IMAP
settings-pop3 = Posta in arrivo: POP3
settings-smtp = Posta in uscita: SMTP
settings-sieve = Filtri: ManageSieve
settings-host = Server
settings-port = Porta
settings-security = Cifratura
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Revoca
revoke-title = Revocare «{ $name }»?
revoke-lead = { $name } smette subito di funzionare: non può più né ricevere né inviare posta.
revoke-used = Ultimo uso: { $time }.
revoke-again = Non si può annullare. Per la stessa app puoi creare una nuova password in qualsiasi momento.
revoke-do = Revoca
revoke-keep = Mantieni
revoke-all-link = Revoca tutte
revoke-all-title = { $n ->
    [one] Revocare la password per l’app?
   *[other] Revocare tutte le { $n } password per le app?
}
revoke-all-lead = Tutte le app di posta su tutti i tuoi dispositivi smettono subito di funzionare, finché non dai a ciascuna una nuova password.
revoke-all-do = Revoca tutte

## Password

password-title = Password
password-lead = È la password della tua casella: per la webmail e per questa pagina.
password-elsewhere = La password della tua casella è gestita da un altro sistema e non può essere cambiata qui. Cambiala dove cambi la password del tuo computer o della tua organizzazione, oppure chiedi all’amministratore.
password-current = Password attuale
password-new = Nuova password
password-new-hint = { $min ->
    [one] Almeno { $min } carattere. Meglio lunga che complicata.
   *[other] Almeno { $min } caratteri. Meglio lunga che complicata.
}
password-again = Nuova password, ancora una volta
password-effects-title = Che cosa succede
password-effect-sessions = Le sessioni della webmail e di tutti gli altri browser vengono chiuse.
password-effect-app-passwords = { $n ->
    [one] La tua password per le app resta valida, se non scegli diversamente.
   *[other] Le tue { $n } password per le app restano valide, se non scegli diversamente.
}
password-revoke = Revoca anche tutte le password per le app
password-revoke-hint = Fallo se qualcun altro può conoscere la tua password o ha avuto un tuo dispositivo.
password-change = Cambia password
problem-again = Le due nuove password sono diverse. Digita due volte la stessa.
problem-too-short = { $min ->
    [one] La nuova password è troppo corta. Usa almeno { $min } carattere.
   *[other] La nuova password è troppo corta. Usa almeno { $min } caratteri.
}
problem-too-long = La nuova password è troppo lunga. Usa al massimo { $max } byte.
problem-control = La nuova password contiene un carattere di controllo. Usa lettere, cifre, simboli e spazi.
problem-looks-like = La nuova password sembra una password per le app o un codice di recupero e verrebbe scambiata per tale. Scegline un’altra.
problem-is-name = La nuova password è il nome dell’account. Scegline un’altra.
problem-unchanged = La nuova password è quella vecchia. Scegline un’altra.

## Activity and sessions

activity-title = Attività
activity-list = Che cosa è successo
activity-none = Ancora nulla.
activity-lead = Se qualcosa qui non sei stato tu: cambia la password, revoca le password per le app che non conosci e crea nuovi codici di recupero.
activity-count = { $n ->
    [one] una volta da { $since }
   *[other] { $n } volte da { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = da un amministratore
activity-unknown = Altro evento: { $name }
app-password-by-name = «{ $name }», { $id }
app-password-by-id = password per le app { $id }
sessions-title = Sessioni aperte
sessions-lead = Le app di posta non sono qui: ognuna ha una password per le app.
sessions-end-others-lead = Chiude le sessioni della webmail e di tutti gli altri browser. Le app di posta continuano a funzionare.
sessions-end-others = Esci da tutto il resto
session-this = Questo browser
session-panel = Questa pagina: impostazioni dell’account
session-webmail = Webmail
session-unknown-browser = Browser sconosciuto
session-opened = Accesso: { $time }
session-used = Ultimo uso: { $time }
method-password = con la password
method-totp = con password e codice
method-recovery-code = con password e codice di recupero
accepted-app-password = Accesso di un’app di posta – { $app }
accepted-app-password-unnamed = Accesso di un’app di posta con una password per le app
accepted-client = Accesso di un’app di posta con la password della casella
accepted-session = Webmail in uso
accepted-webmail = Accesso alla webmail
accepted-webmail-recovery-code = Accesso alla webmail con un codice di recupero
accepted-panel = Accesso a questa pagina
signed-out-webmail = Uscita dalla webmail
signed-out-panel = Uscita da questa pagina

event-account-created = Account creato
event-account-disabled = Account disabilitato
event-account-enabled = Account riabilitato
event-account-renamed = Account rinominato
event-app-password-created = Password per l’app creata
event-app-password-revoked = Password per l’app revocata
event-authenticator-added = Autenticatore aggiunto
event-authenticator-removed = Autenticatore rimosso
event-code-verified = Codice mostrato di nuovo prima di una modifica
event-enrolment-begun = Codice QR di un autenticatore mostrato
event-invitation-created = Invito ad attivare l’accesso a due fattori
event-invitation-refused = Rifiutato: l’invito non era corretto o era scaduto
event-invitation-revoked = Invito revocato
event-password-changed = Password cambiata
event-recovery-codes-replaced = Nuovi codici di recupero creati
event-requirement-cleared = Nessuna regola propria sull’accesso a due fattori
event-session-closed = Uscita
event-session-revoked = Sessione chiusa da un altro luogo
event-two-factor-exempted = Accesso a due fattori non richiesto
event-two-factor-off = Accesso a due fattori disattivato
event-two-factor-on = Accesso a due fattori attivato
event-two-factor-required = Accesso a due fattori richiesto
event-two-factor-reset = Accesso a due fattori reimpostato dopo uno smarrimento

reason-account-changed = Rifiutato: l’account è stato modificato nello stesso momento
    .step = Accedi di nuovo.
reason-account-disabled = Rifiutato: l’account è disabilitato
    .step = Rivolgiti all’amministratore.
reason-app-password-expired = Rifiutato: la password per l’app è scaduta
    .step = Creane una nuova per questa app.
reason-app-password-not-allowed-here = Rifiutato: è stata digitata una password per le app dove vale solo la password della casella
    .step = Usa le password per le app solo nelle app di posta.
reason-app-password-required = Rifiutato: un’app di posta ha usato la password della casella
    .step = Crea una password per le app e digitala in quell’app.
reason-app-password-revoked = Rifiutato: una password per le app revocata è ancora in uso
    .step = Creane una nuova se il dispositivo è ancora tuo. Se l’hai perso, non c’è nulla da fare: resta fuori.
reason-code-required = Password corretta, codice non mostrato
    .step = Ogni accesso a questa pagina inizia così. Se non eri tu, qualcuno conosce la tua password: cambiala.
reason-code-used = Rifiutato: il codice era già stato usato
    .step = Attendi il prossimo codice.
reason-credential-too-long = Rifiutato: la password era più lunga di quanto possa essere
reason-empty-credential = Rifiutato: non è stata inviata alcuna password
    .step = Digita di nuovo la password nell’app.
reason-enrolment-required = Rifiutato: prima bisogna attivare l’accesso a due fattori
    .step = Attivalo qui.
reason-invalid-name = Rifiutato: il nome utente non è scritto come quello di un account
    .step = Controlla gli spazi e il dominio.
reason-network-not-allowed = Rifiutato: la password per l’app è limitata ad altre reti
    .step = Creane una senza questo limite se il dispositivo si sposta.
reason-not-authenticated = Rifiutato: l’accesso non è stato completato
    .step = Se si ripete, avvisa l’amministratore.
reason-password-refused = La nuova password non è stata accettata
    .step = Scegline una più lunga.
reason-protocol-not-allowed = Rifiutato: la password per l’app è limitata ad altri usi
    .step = Creane una che valga per questo.
reason-protocol-unknown = Rifiutato: il server non ha detto a che cosa serviva
    .step = Avvisa l’amministratore.
reason-recovery-code-used = Rifiutato: il codice di recupero era già stato usato
    .step = Prendine un altro dalla tua serie.
reason-session-ended = Rifiutato: la sessione della webmail è stata chiusa
    .step = Accedi di nuovo alla webmail.
reason-session-expired = Rifiutato: la sessione della webmail è scaduta
    .step = Accedi di nuovo alla webmail.
reason-session-malformed = Rifiutato: la webmail ha inviato qualcosa che non è una sessione
    .step = Se si ripete, avvisa l’amministratore.
reason-session-not-allowed-here = Rifiutato: le sessioni della webmail qui non aprono nulla
    .step = Se si ripete, avvisa l’amministratore.
reason-session-reused = Rifiutato: la sessione della webmail era già stata usata
    .step = Accedi di nuovo alla webmail.
reason-session-unconfirmed = Rifiutato: l’accesso alla webmail non è stato completato
    .step = Accedi di nuovo alla webmail.
reason-session-unknown = Rifiutato: la sessione della webmail è sconosciuta
    .step = Accedi di nuovo alla webmail.
reason-throttled = Rifiutato: troppi tentativi falliti
    .step = Attendi alcuni minuti. Se non eri tu, qualcuno sta tirando a indovinare: una password lunga e l’accesso a due fattori lo tengono fuori.
reason-unknown-account = Rifiutato: questo account non esiste
reason-wrong-app-password = Rifiutato: password per l’app errata
    .step = Creane una nuova per questa app.
reason-wrong-code = Rifiutato: password corretta, codice errato
    .step = Se non eri tu, qualcuno conosce la tua password: cambiala.
reason-wrong-password = Rifiutato: password errata
    .step = Se un tuo dispositivo ha ancora una vecchia password, digita lì quella nuova.
reason-wrong-recovery-code = Rifiutato: password corretta, codice di recupero errato
    .step = Se non eri tu, qualcuno conosce la tua password: cambiala.

## Pages that say one thing

message-home = Al riepilogo
message-again = Riprova
message-not-found-title = Questa pagina non esiste
message-not-found = L’indirizzo è sbagliato, oppure ciò a cui portava non c’è più.
message-form-expired-title = Questo modulo è scaduto
message-form-expired = Non è stato cambiato nulla. Apri di nuovo la pagina e ripeti. Se succede ancora, consenti i cookie per questa pagina.
message-secret-gone-title = Non viene più mostrato
message-secret-gone = I segreti vengono mostrati una volta, per alcuni minuti. Se non l’hai conservato, creane uno nuovo e revoca il vecchio.
message-too-many-requests-title = Troppe richieste
message-too-many-requests = Dalla tua rete sono state chieste più pagine di quante se ne possano leggere. Attendi un minuto, poi riprova.
message-out-of-service-title = Al momento non in servizio
message-out-of-service = Il tuo account non è raggiungibile in questo momento. Non è stato cambiato nulla. Riprova tra alcuni minuti; se continua, avvisa l’amministratore.
message-internal-title = Qualcosa è andato storto
message-internal = L’errore è nostro ed è stato registrato. Controlla se la tua ultima modifica è stata fatta prima di ripeterla.

## Notices by mail

notices-title = Avvisi
notices-lead = Ricevi una mail quando cambia qualcosa nella sicurezza della tua casella: accesso a due fattori, password per le app, password, codici di recupero, un accesso da un posto nuovo.
notices-on = Inviami avvisi
notices-address = Un altro indirizzo
notices-address-hint = Fuori da questa casella, nel caso un giorno tu non possa leggerla. Anche quello riceve ogni avviso.
notices-language = Sono scritti nella lingua che hai scelto per queste pagine.
notices-save = Salva
notice-notices-saved = La tua scelta è stata salvata.
problem-notices-address = Questo non è un indirizzo di posta. Scrivilo come nome@example.org.
problem-notices-mailbox = Questa è la casella stessa, che riceve comunque gli avvisi. Indica un indirizzo fuori da essa.
activity-notices = Avvisi per posta
