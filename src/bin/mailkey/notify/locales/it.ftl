app-password-created-subject = Nuova password per un’app
app-password-created = È stata creata una password per le app per la tua casella: { $subject }.
authenticator-added-subject = Un altro autenticatore
authenticator-added = Alla tua casella è stato aggiunto un autenticatore, i cui codici valgono da adesso: { $subject }.
code-guessing-subject = Qualcuno prova a indovinare i tuoi codici
code-guessing = Qualcuno che conosce la password della tua casella sta provando dei codici. Nessuno è entrato in questo modo.
enrolment-due-subject = L’accesso a due fattori diventerà obbligatorio
enrolment-due = Dal { $date } la tua casella potrà essere usata solo con l’accesso a due fattori. Non è ancora attivo; le app di posta che usano la password della casella smetteranno allora di funzionare.
new-network-subject = Accesso da un posto nuovo
new-network = Qualcuno è entrato nella tua casella da una rete che finora non era stata usata.
notices-changed-subject = Gli avvisi sono cambiati
notices-changed = È cambiato il modo in cui ricevi avvisi sulla tua casella: gli avvisi sono stati disattivati, o da adesso vanno ad altri indirizzi. Questa è l’ultima lettera secondo le vecchie impostazioni.
password-changed-subject = La password è stata cambiata
password-changed = La password della tua casella è stata cambiata.
recovery-code-used-subject = È stato usato un codice di recupero
recovery-code-used = { $left ->
    [0] È stato usato un codice di recupero per entrare nella tua casella. Era l’ultimo: creane di nuovi adesso.
    [one] È stato usato un codice di recupero per entrare nella tua casella. Ne resta uno: creane presto di nuovi.
   *[other] È stato usato un codice di recupero per entrare nella tua casella. Ne restano { $left }.
}
recovery-codes-replaced-subject = Nuovi codici di recupero
recovery-codes-replaced = Sono stati creati nuovi codici di recupero per la tua casella. I vecchi non valgono più.
two-factor-off-subject = L’accesso a due fattori è disattivato
two-factor-off = L’accesso a due fattori è stato disattivato per la tua casella. La sola password la apre di nuovo.
two-factor-on-subject = L’accesso a due fattori è attivo
two-factor-on = L’accesso a due fattori è stato attivato per la tua casella. Da adesso le app di posta hanno bisogno di una password per le app.

account = Casella: { $account }
when = Quando: { $time }
from = Da: { $address }
via-command = Ad opera di: il tuo amministratore
via-panel = Dove: nel pannello self-service
via-webmail = Dove: nella webmail
next-enrol = Attivalo prima di allora nel pannello self-service, e crea una password per ogni app di posta.
next-guessing = Se non eri tu: cambia adesso la password della tua casella. Chi prova codici la conosce.
next-harmless = Se eri tu, non c’è niente da fare.
next-alarm = Se non eri tu: cambia adesso la password della tua casella, chiudi tutte le altre sessioni, revoca le password per le app che non conosci e avvisa il tuo amministratore.
panel = Il pannello self-service: { $url }
footer = Ricevi questa lettera perché è cambiato qualcosa nella sicurezza della tua casella. Quali lettere ricevere lo scegli nel pannello self-service. Nessuno ti chiederà mai una password o un codice per posta.
