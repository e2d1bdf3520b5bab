app-password-created-subject = Nowe hasło aplikacji
app-password-created = Dla Twojej skrzynki utworzono hasło aplikacji: { $subject }.
authenticator-added-subject = Kolejna aplikacja uwierzytelniająca
authenticator-added = Do Twojej skrzynki dodano aplikację uwierzytelniającą, której kody są odtąd ważne: { $subject }.
code-guessing-subject = Ktoś zgaduje Twoje kody
code-guessing = Ktoś, kto zna hasło Twojej skrzynki, próbuje kodów. Nikt w ten sposób nie wszedł.
enrolment-due-subject = Logowanie dwuetapowe stanie się obowiązkowe
enrolment-due = Od { $date } z Twojej skrzynki będzie można korzystać tylko z logowaniem dwuetapowym. Nie jest ono jeszcze włączone; programy pocztowe, które używają hasła skrzynki, przestaną wtedy działać.
new-network-subject = Logowanie z nowego miejsca
new-network = Ktoś zalogował się do Twojej skrzynki z sieci, która dotąd nie była do tego używana.
notices-changed-subject = Zmieniono powiadomienia
notices-changed = Zmieniono sposób powiadamiania o Twojej skrzynce: powiadomienia wyłączono albo trafiają odtąd na inne adresy. To ostatni list według poprzednich ustawień.
password-changed-subject = Zmieniono hasło
password-changed = Hasło Twojej skrzynki zostało zmienione.
recovery-code-used-subject = Użyto kodu zapasowego
recovery-code-used = { $left ->
    [0] Do zalogowania się do Twojej skrzynki użyto kodu zapasowego. Był ostatni: utwórz teraz nowe.
    [one] Do zalogowania się do Twojej skrzynki użyto kodu zapasowego. Został jeden: utwórz wkrótce nowe.
    [few] Do zalogowania się do Twojej skrzynki użyto kodu zapasowego. Zostały { $left }.
   *[other] Do zalogowania się do Twojej skrzynki użyto kodu zapasowego. Zostało { $left }.
}
recovery-codes-replaced-subject = Nowe kody zapasowe
recovery-codes-replaced = Dla Twojej skrzynki utworzono nowe kody zapasowe. Stare nie są już ważne.
two-factor-off-subject = Logowanie dwuetapowe jest wyłączone
two-factor-off = Logowanie dwuetapowe zostało wyłączone dla Twojej skrzynki. Samo hasło znów ją otwiera.
two-factor-on-subject = Logowanie dwuetapowe jest włączone
two-factor-on = Logowanie dwuetapowe zostało włączone dla Twojej skrzynki. Programy pocztowe potrzebują odtąd hasła aplikacji.

account = Skrzynka: { $account }
when = Kiedy: { $time }
from = Skąd: { $address }
via-command = Przez: administratora
via-panel = Gdzie: panel samoobsługowy
via-webmail = Gdzie: poczta w przeglądarce
next-enrol = Włącz je przed tym terminem w panelu samoobsługowym i utwórz hasło aplikacji dla każdego programu pocztowego.
next-guessing = Jeśli to nie Ty: zmień teraz hasło swojej skrzynki. Kto próbuje kodów, ten je zna.
next-harmless = Jeśli to Ty, nic nie trzeba robić.
next-alarm = Jeśli to nie Ty: zmień teraz hasło swojej skrzynki, wyloguj wszystkie inne sesje, unieważnij hasła aplikacji, których nie znasz, i zawiadom administratora.
panel = Panel samoobsługowy: { $url }
footer = Otrzymujesz ten list, ponieważ zmieniło się coś w zabezpieczeniach Twojej skrzynki. Które listy otrzymujesz, wybierasz w panelu samoobsługowym. Nikt nigdy nie poprosi Cię pocztą o hasło ani kod.
