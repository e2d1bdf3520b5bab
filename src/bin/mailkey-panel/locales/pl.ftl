# Logowanie do poczty: teksty panelu. Te same komunikaty co w en.ftl, który jest wzorem.

## Around every page

product = Logowanie do poczty
skip = Przejdź do treści
nav-label = Działy
nav-overview = Przegląd
nav-two-factor = Dwa etapy
nav-app-passwords = Hasła aplikacji
nav-password = Hasło
nav-activity = Aktywność
language = Język
support = Pomoc
sign-out = Wyloguj
cancel = Anuluj
copy = Kopiuj
copied = Skopiowano
copy-failed = Skopiuj ręcznie
print = Drukuj
optional = opcjonalnie
never = Nigdy
wrong-prefix = Błąd:{" "}
wrong-title = Coś wymaga uwagi:
password-show = Pokaż
password-hide = Ukryj
password-show-label = Pokaż hasło
password-hide-label = Ukryj hasło

ago-now = przed chwilą
ago-minutes = { $n ->
    [one] { $n } minutę temu
    [few] { $n } minuty temu
   *[other] { $n } minut temu
}
ago-hours = { $n ->
    [one] { $n } godzinę temu
    [few] { $n } godziny temu
   *[other] { $n } godzin temu
}

must-enrol-from = Od { $time } logowanie dwuetapowe będzie tu obowiązkowe. Włącz je przed tym terminem.
must-enrol-link = Włącz teraz
must-enrol-now = Logowanie dwuetapowe jest tu obowiązkowe. Włącz je, aby przejść dalej; potem dostępna będzie cała reszta.

## What was just done

notice-signed-out = Wylogowano.
notice-two-factor-on = Logowanie dwuetapowe jest włączone.
notice-two-factor-off = Logowanie dwuetapowe jest wyłączone. Kody i kody zapasowe już nie działają.
notice-enrolment-cancelled = Nic nie zostało zmienione.
notice-authenticator-added = Dodano aplikację uwierzytelniającą. Jej kody działają od teraz.
notice-authenticator-removed = Usunięto aplikację uwierzytelniającą. Jej kody już nie działają.
notice-recovery-codes-replaced = Nowe kody zapasowe działają. Stare już nie.
notice-app-password-created = Hasło aplikacji jest gotowe do użycia.
notice-app-password-revoked = Hasło aplikacji zostało unieważnione. Niczego już nie otwiera.
notice-app-passwords-revoked = Wszystkie hasła aplikacji zostały unieważnione. Niczego już nie otwierają.
notice-password-changed = Hasło zostało zmienione. Twoje hasła aplikacji pozostają ważne.
notice-password-changed-and-revoked = Hasło zostało zmienione, a wszystkie hasła aplikacji unieważnione.
notice-session-ended = Ta sesja została wylogowana.
notice-other-sessions-ended = Wszystkie pozostałe sesje zostały wylogowane.

## Signing in

sign-in-title = Logowanie
sign-in-lead = Logowanie dwuetapowe i hasła aplikacji dla Twojej skrzynki
sign-in-name = Adres e-mail
sign-in-password = Hasło
sign-in-code-hint = Jeśli logowanie dwuetapowe jest włączone: kod z aplikacji uwierzytelniającej lub kod zapasowy.
sign-in = Zaloguj
sign-in-not-app-password = Użyj hasła swojej skrzynki. Hasła aplikacji działają tylko w aplikacjach pocztowych.
second-step-title = Drugi etap
second-step-lead = Hasło jest poprawne. Potwierdź, że to Ty: { $name }
second-step-continue = Zaloguj
second-step-back = Zaloguj się na inne konto
code = Kod
code-hint = Cyfry, które pokazuje teraz Twoja aplikacja uwierzytelniająca ({ $digits }).
code-or-recovery-hint = Cyfry, które pokazuje teraz Twoja aplikacja uwierzytelniająca ({ $digits }), albo kod zapasowy.
recovery-code = Kod zapasowy
recovery-code-use = Użyj kodu zapasowego
recovery-code-hint = Z kreskami, na przykład ab2c-de3f-gh4j. Każdy kod działa tylko raz.
account-password = Hasło Twojej skrzynki
prove-title = Potwierdź, że to Ty
prove-code-lead = Od ostatniego kodu minęło kilka minut. Przed tą zmianą podaj jeszcze jeden.
prove-password-lead = Od wpisania hasła minęło kilka minut. Przed tą zmianą wpisz je jeszcze raz.
prove-continue = Dalej

problem-missing = Wypełnij wszystkie pola.
problem-sign-in = Adres lub hasło są nieprawidłowe albo kod nie pasuje. Sprawdź je i spróbuj ponownie.
problem-wrong-password = Hasło jest nieprawidłowe. Spróbuj ponownie.
problem-code-shape = To nie jest kod. Wpisz cyfry, które pokazuje teraz Twoja aplikacja uwierzytelniająca ({ $digits }).
problem-wrong-code = Kod jest nieprawidłowy. Poczekaj na następny i sprawdź, czy zegar telefonu ustawia się sam.
problem-code-used = Każdy kod działa tylko raz. Poczekaj na następny.
problem-wrong-recovery-code = Kod zapasowy jest nieprawidłowy. Wpisz go z kreskami, z najnowszego zestawu.
problem-recovery-code-used = Ten kod zapasowy został już użyty. Weź inny.
problem-invitation-missing = Wpisz zaproszenie. Jeśli go nie masz, poproś o nie administratora.
problem-invitation-shape = To nie jest zaproszenie. Ma ono 16 liter i cyfr, w czterech grupach.
problem-invitation-wrong = Zaproszenie jest nieprawidłowe lub już nieważne. Sprawdź je i użyj najnowszego; w przeciwnym razie poproś administratora o inne.
problem-invitation-expired = To zaproszenie wygasło. Poproś administratora o nowe.
problem-app-password = Hasła aplikacji działają tylko w aplikacjach pocztowych. Zaloguj się hasłem swojej skrzynki.
problem-disabled = To konto jest zablokowane. Zwróć się do administratora.
problem-password-expired = Twoje hasło wygasło. Zmień je tam, gdzie robisz to zwykle, a potem zaloguj się tutaj.
problem-throttled = Zbyt wiele nieudanych prób. Odczekaj kilka minut i spróbuj ponownie.
problem-changed = Konto zostało zmienione w tej samej chwili. Spróbuj ponownie.
problem-step-expired = Kod nie dotarł na czas. Zaloguj się ponownie.
problem-session-ended = Twoja sesja została zakończona: była zbyt długo nieużywana, osiągnęła maksymalny czas trwania lub zakończono ją z innego miejsca. Zaloguj się ponownie.
problem-busy = Właśnie loguje się wiele osób. Spróbuj ponownie za chwilę.
problem-unavailable = W tej chwili nie można sprawdzić haseł. Spróbuj ponownie później; jeśli to potrwa, powiadom administratora.

## Overview

overview-title = Przegląd
overview-manage = Zarządzaj
overview-turn-on = Włącz logowanie dwuetapowe
overview-authenticators = { $n ->
    [one] Kody tworzy jedna aplikacja uwierzytelniająca.
    [few] Kody tworzą { $n } aplikacje uwierzytelniające.
   *[other] Kody tworzy { $n } aplikacji uwierzytelniających.
}
overview-app-passwords = { $n ->
    [0] Żadna aplikacja pocztowa nie ma hasła aplikacji.
    [one] Ważne jest jedno hasło aplikacji.
    [few] Ważne są { $n } hasła aplikacji.
   *[other] Ważnych jest { $n } haseł aplikacji.
}
overview-last = Ostatnie logowania
overview-all-activity = Cała aktywność i sesje

attention-title = Wymaga Twojej uwagi
attention-more = { $n ->
    [one] Jeszcze jedna sprawa: zobacz całą aktywność
    [few] Jeszcze { $n } sprawy: zobacz całą aktywność
    [many] Jeszcze { $n } spraw: zobacz całą aktywność
   *[other] Jeszcze { $n } sprawy: zobacz całą aktywność
}
finding-not-you = Jeśli to nie Ty, ktoś zna Twoje hasło: zmień je
finding-paused-codes = Zbyt wiele nieprawidłowych kodów: do { $time } żaden nie zostanie przyjęty
finding-paused-passwords = Zbyt wiele nieprawidłowych haseł: do { $time } żadne stamtąd nie będzie sprawdzane
    .step = Zobacz, co się wydarzyło
finding-account-password-used = Aplikacja pocztowa nadal używa hasła skrzynki i otrzymuje odmowę
    .step = Utwórz dla niej hasło aplikacji
finding-code-in-mail-app = W aplikacji pocztowej wpisano hasło i kod; zamiast tego potrzebuje ona hasła aplikacji
    .step = Utwórz dla niej hasło aplikacji
finding-revoked-app-password-used = Urządzenie nadal używa unieważnionego hasła aplikacji
    .step = Jeśli urządzenie jest nadal Twoje, utwórz dla niego nowe
finding-expired-app-password-used = Urządzenie nadal używa hasła aplikacji, które wygasło
    .step = Utwórz dla niego nowe
finding-app-password-for-other-protocols = Hasło aplikacji jest używane do czegoś, do czego nie służy
    .step = Utwórz takie, które do tego służy
finding-app-password-for-other-networks = Hasło aplikacji jest używane poza jego sieciami
    .step = Utwórz hasło bez tego ograniczenia, jeśli urządzenie jest w ruchu
finding-wrong-app-password = Aplikacja pocztowa ma hasło aplikacji, które nie jest żadnym z Twoich
    .step = Porównaj jego początek ze swoimi hasłami aplikacji
finding-app-password-outside-mail-apps = W poczcie w przeglądarce wpisano hasło aplikacji, a działa tam hasło skrzynki
    .step = Zobacz, co się wydarzyło
finding-code-missing = W poczcie w przeglądarce wpisano Twoje hasło bez kodu
    .step = Wpisz także kod.
finding-wrong-code = Twoje hasło było poprawne, a kod nieprawidłowy
    .step = Sprawdź, czy zegar telefonu ustawia się sam.
finding-wrong-recovery-code = Twoje hasło było poprawne, a kod zapasowy nieprawidłowy lub już użyty
    .step = Utwórz nowe kody zapasowe
finding-wrong-password = Nieprawidłowe hasło przyszło z adresu, z którego już korzystano na tym koncie
    .step = Jeśli któreś z Twoich urządzeń ma stare hasło, wpisz w nim właściwe.
finding-guesses = { $n ->
    [one] Nieprawidłowe hasła przyszły z adresu, który nigdy nie otworzył Twojej skrzynki: ktoś zgaduje albo nowe urządzenie jest źle skonfigurowane
    [few] Nieprawidłowe hasła przyszły z { $n } adresów, które nigdy nie otworzyły Twojej skrzynki: ktoś zgaduje
    [many] Nieprawidłowe hasła przyszły z { $n } adresów, które nigdy nie otworzyły Twojej skrzynki: ktoś zgaduje
   *[other] Nieprawidłowe hasła przyszły z { $n } adresu, który nigdy nie otworzył Twojej skrzynki: ktoś zgaduje
}
    .step = Zobacz, co się wydarzyło
finding-enrolment-pending = Logowanie dwuetapowe nie jest jeszcze włączone: czeka na pierwszy kod
    .step = Dokończ

## Two-factor sign-in

two-factor-title = Logowanie dwuetapowe
two-factor-is-on = Logowanie dwuetapowe jest włączone
two-factor-is-off = Logowanie dwuetapowe jest wyłączone
two-factor-lead = Przy logowaniu dwuetapowym samo skradzione hasło niczego nie otwiera: poczta w przeglądarce i ta strona pytają też o kod z telefonu, a każda aplikacja pocztowa dostaje własne hasło.
two-factor-steps-title = Jak to działa
two-factor-step-app = Potrzebujesz na telefonie aplikacji uwierzytelniającej, takiej jak Aegis, FreeOTP, Google Authenticator, Microsoft Authenticator lub 2FAS, albo menedżera haseł, który tworzy kody.
two-factor-step-scan = Skanujesz nią kod QR i wpisujesz kod, który pokazuje.
two-factor-step-codes = Dostajesz dziesięć kodów zapasowych na dzień, w którym zgubisz telefon.
two-factor-step-apps = Aplikacje pocztowe, które używają hasła Twojej skrzynki, przestają działać. Dla każdej z nich tworzysz hasło aplikacji.
two-factor-begin = Włącz
invitation = Zaproszenie
invitation-lead = Tutaj włączasz je z zaproszeniem: kodem, który dostajesz od administratora. Dzięki temu nikt, kto zna tylko Twoje hasło, nie zrobi tego zamiast Ciebie.
invitation-hint = 16 liter i cyfr, na przykład K7M2-9XQD-0011-ABCD. Wielkość liter, spacje i kreski nie mają znaczenia.
authenticators-title = Aplikacje uwierzytelniające
authenticator-name = Nazwa aplikacji uwierzytelniającej
authenticator-name-hint = Aby odróżnić ją od innych, na przykład „Mój telefon”.
authenticator-proposed = Telefon
authenticator-since = Dodano { $date }
authenticator-remove = Usuń
authenticator-add = Dodaj kolejną aplikację uwierzytelniającą
authenticator-add-lead = Na przykład na drugim telefonie albo w menedżerze haseł. Działają kody każdej z nich.
authenticator-begin = Pokaż kod QR
authenticator-remove-title = Usunąć tę aplikację uwierzytelniającą?
authenticator-remove-lead = Kody z { $name } natychmiast przestaną działać.
authenticator-remove-effect-others = Pozostałe aplikacje uwierzytelniające i kody zapasowe pozostają bez zmian.
authenticator-remove-effect-app = Potem usuń też wpis w aplikacji: nie będzie już potrzebny.
authenticator-remove-do = Usuń
enrolment-waits = Dodawanie aplikacji uwierzytelniającej zostało rozpoczęte.
enrolment-go-on = Kontynuuj
enrolment-again = Dodawanie aplikacji uwierzytelniającej rozpoczęto i nie dokończono. Zacznij od nowa: dostaniesz nowy kod QR, a stary nie działa.
recovery-codes-title = Kody zapasowe
recovery-codes-left = { $n ->
    [0] Nie pozostał żaden kod zapasowy. Utwórz nowe.
    [one] Pozostał jeden kod zapasowy.
    [few] Pozostały { $n } kody zapasowe.
   *[other] Pozostało { $n } kodów zapasowych.
}
recovery-codes-lead = Każdy otwiera Twoje konto jeden raz zamiast kodu z aplikacji, gdy nie masz telefonu pod ręką.
recovery-codes-new = Utwórz nowe kody zapasowe
recovery-codes-new-lead = Dostaniesz dziesięć nowych kodów. Stare natychmiast przestaną działać, a poczta w przeglądarce i inne przeglądarki zostaną wylogowane.
recovery-codes-make = Utwórz nowe kody
recovery-codes-shown-lead = Przechowuj te kody tam, gdzie znajdziesz je bez telefonu: wydrukowane albo w menedżerze haseł. Każdy działa tylko raz.
recovery-codes-once = Nie zostaną pokazane ponownie. Zachowaj je, zanim przejdziesz dalej.
recovery-codes-save = Zapisz do pliku
recovery-codes-print = Każdy kod działa tylko raz. Wpisz go z kreskami tam, gdzie potrzebny jest kod.
recovery-codes-done = Kody są zachowane
enrol-title-first = Włącz logowanie dwuetapowe
enrol-title-further = Dodaj aplikację uwierzytelniającą
enrol-lead = Dwa kroki łączą { $name } z Twoją skrzynką.
enrol-scan-title = 1. Zeskanuj kod QR
enrol-scan = Otwórz aplikację uwierzytelniającą, wybierz dodanie konta i skieruj tu aparat.
enrol-qr-label = Kod QR dla aplikacji uwierzytelniającej
enrol-open-app = Czytasz to na telefonie z aplikacją? Otwórz ją stąd.
enrol-by-hand = Wpisz sekret ręcznie
enrol-by-hand-lead = Jeśli nie możesz użyć aparatu, wybierz w aplikacji wpisanie klucza.
enrol-secret = Sekret
enrol-form = Rodzaj
enrol-form-is = Oparty na czasie, liczba cyfr: { $digits }, okres: { $period } s, { $algorithm }
enrol-confirm-title = 2. Wpisz kod
enrol-code-hint = Cyfry, które aplikacja pokazuje teraz dla tego wpisu ({ $digits }).
enrol-confirm-first = Włącz
enrol-confirm-further = Dodaj
two-factor-off-title = Wyłącz logowanie dwuetapowe
two-factor-off-teaser = Samo hasło Twojej skrzynki znów będzie otwierać wszystko.
two-factor-off-link = Wyłącz…
two-factor-off-lead = Gdy logowanie dwuetapowe jest wyłączone:
two-factor-off-effect-password = Samo hasło Twojej skrzynki otwiera pocztę w przeglądarce, tę stronę i aplikacje pocztowe.
two-factor-off-effect-codes = Twoje aplikacje uwierzytelniające i kody zapasowe natychmiast przestają działać.
two-factor-off-effect-apps = Hasła aplikacji pozostają ważne. Poczta w przeglądarce i inne przeglądarki zostają wylogowane.
two-factor-off-effect-again = Aby włączyć je ponownie, zeskanujesz nowy kod QR; stary nigdy już nie zadziała.
two-factor-off-effect-invitation = Włączysz je ponownie tylko z nowym zaproszeniem od administratora.
two-factor-off-do = Wyłącz
two-factor-off-keep = Pozostaw włączone

## App passwords

app-passwords-title = Hasła aplikacji
app-passwords-lead = Aplikacja pocztowa dostaje własne hasło. Gdy zgubisz urządzenie, unieważniasz jego hasło, a wszystko inne działa dalej.
app-passwords-lead-off = Aplikacja pocztowa może mieć własne hasło. Gdy zgubisz urządzenie, unieważniasz jego hasło, a wszystko inne działa dalej. Przy logowaniu dwuetapowym potrzebuje go każda aplikacja pocztowa.
app-passwords-none = Nie ma jeszcze żadnego.
app-passwords-ended = { $n ->
    [one] Jedno unieważnione lub wygasłe
    [few] { $n } unieważnione lub wygasłe
   *[other] { $n } unieważnionych lub wygasłych
}
app-password-new = Nowe hasło aplikacji
app-password-id = Zaczyna się od
app-password-for = Służy do
app-password-for-hint = Dla zwykłej aplikacji pocztowej zostaw bez zmian.
app-password-created = Utworzone
app-password-used = Ostatnio użyte
app-password-from = Tylko z
app-password-revoked = Unieważnione
app-password-expires = Ważne do
app-password-expired = Wygasło
app-password-name = Nazwa
app-password-name-hint = Aplikacja i urządzenie, na przykład „Thunderbird na moim laptopie”.
app-password-limits = Ograniczenia: ważność i sieci
app-password-expiry = Ważność
app-password-networks = Tylko z tych sieci
app-password-networks-hint = Adresy lub sieci oddzielone przecinkami, na przykład 192.0.2.7, 2001:db8::/32. Zostaw puste, jeśli urządzenie jest w ruchu.
app-password-make = Utwórz hasło aplikacji
protocol-imap = IMAP
protocol-pop3 = POP3
protocol-smtp = SMTP
protocol-sieve = Sieve
protocol-imap-for = Czytanie poczty (IMAP)
protocol-pop3-for = Pobieranie poczty (POP3)
protocol-smtp-for = Wysyłanie poczty (SMTP)
protocol-sieve-for = Filtry (Sieve)
expires-never = do unieważnienia
expires-30d = przez 30 dni
expires-90d = przez 90 dni
expires-1y = przez rok
expires-date = do wybranego dnia włącznie:
expires-date-label = Ostatni dzień
problem-name-empty = Podaj nazwę, aby można było je odróżnić od innych.
problem-name-long = Nazwa jest za długa. Użyj najwyżej { $max } znaków.
problem-name-unprintable = Nazwa zawiera znak, którego nie można wyświetlić. Użyj liter, cyfr, symboli i spacji.
problem-no-protocol = Wybierz co najmniej jedno zastosowanie, inaczej niczego nie otworzy.
problem-no-date = Wybierz ostatni dzień, w którym ma działać.
problem-expiry-past = Ten dzień już minął. Wybierz późniejszy.
problem-network = „{ $network }” nie jest adresem ani siecią. Napisz na przykład 192.0.2.7 lub 192.0.2.0/24.
problem-too-many = Liczba Twoich haseł aplikacji to { $most } i więcej mieć nie można. Unieważnij takie, którego już nie używasz.
new-app-password-title = Nowe hasło aplikacji
new-app-password-lead = Utwórz osobne dla każdej aplikacji na każdym urządzeniu.
created-title = Twoje nowe hasło aplikacji
created-lead = Wpisz je teraz w { $name } zamiast hasła swojej skrzynki.
created-secret = Hasło aplikacji
created-once = Jest pokazywane tylko teraz. Nie trzeba go pamiętać: dla innego urządzenia utwórz kolejne.
created-qr = Pokaż jako kod QR
created-qr-lead = Odczytaj je aparatem telefonu i skopiuj stamtąd do aplikacji pocztowej.
created-qr-label = Kod QR hasła aplikacji
created-settings = Ustawienia aplikacji pocztowej
created-settings-lead = Wiele aplikacji znajduje je samodzielnie. Jeśli Twoja o nie pyta, te są właściwe:
created-no-servers = Nazwy serwerów poda Ci administrator.
created-profile-title = iPhone, iPad i Mac
created-profile-lead = Otwórz ten plik na urządzeniu: skonfiguruje aplikację Mail firmy Apple ze wszystkim, co potrzebne.
created-profile = Profil konfiguracji
created-profile-warning = Hasło aplikacji jest w pliku. Usuń go po zainstalowaniu.
created-profile-without = Profil bez hasła aplikacji
created-expires = Działa do { $date } włącznie.
created-done = Gotowe
settings-user = Nazwa użytkownika
settings-password = Hasło
settings-password-is = hasło aplikacji podane powyżej
settings-imap = Poczta przychodząca: IMAP
settings-pop3 = Poczta przychodząca: POP3
settings-smtp = Poczta wychodząca: SMTP
settings-sieve = Filtry: ManageSieve
settings-host = Serwer
settings-port = Port
settings-security = Szyfrowanie
settings-tls = SSL/TLS
settings-starttls = STARTTLS
revoke = Unieważnij
revoke-title = Unieważnić „{ $name }”?
revoke-lead = { $name } natychmiast przestanie działać: pobieranie i wysyłanie poczty nie będzie już możliwe.
revoke-used = Ostatnie użycie: { $time }.
revoke-again = Tego nie można cofnąć. Dla tej samej aplikacji możesz w każdej chwili utworzyć nowe hasło.
revoke-do = Unieważnij
revoke-keep = Zachowaj
revoke-all-link = Unieważnij wszystkie
revoke-all-title = { $n ->
    [one] Unieważnić hasło aplikacji?
    [few] Unieważnić wszystkie { $n } hasła aplikacji?
   *[other] Unieważnić wszystkie { $n } haseł aplikacji?
}
revoke-all-lead = Wszystkie aplikacje pocztowe na wszystkich Twoich urządzeniach natychmiast przestaną działać, dopóki każdej nie dasz nowego hasła.
revoke-all-do = Unieważnij wszystkie

## Password

password-title = Hasło
password-lead = To hasło Twojej skrzynki: do poczty w przeglądarce i do tej strony.
password-elsewhere = Hasłem Twojej skrzynki zarządza inny system i nie można go tu zmienić. Zmień je tam, gdzie zmieniasz hasło komputera lub organizacji, albo zapytaj administratora.
password-current = Obecne hasło
password-new = Nowe hasło
password-new-hint = { $min ->
    [one] Co najmniej { $min } znak. Lepsze długie niż skomplikowane.
    [few] Co najmniej { $min } znaki. Lepsze długie niż skomplikowane.
   *[other] Co najmniej { $min } znaków. Lepsze długie niż skomplikowane.
}
password-again = Nowe hasło jeszcze raz
password-effects-title = Co się wtedy stanie
password-effect-sessions = Poczta w przeglądarce i wszystkie inne przeglądarki zostaną wylogowane.
password-effect-app-passwords = { $n ->
    [one] Twoje hasło aplikacji pozostanie ważne, chyba że wybierzesz inaczej.
    [few] Twoje { $n } hasła aplikacji pozostaną ważne, chyba że wybierzesz inaczej.
   *[other] Twoich { $n } haseł aplikacji pozostanie ważnych, chyba że wybierzesz inaczej.
}
password-revoke = Unieważnij też wszystkie hasła aplikacji
password-revoke-hint = Zrób to, jeśli ktoś inny może znać Twoje hasło lub miał Twoje urządzenie.
password-change = Zmień hasło
problem-again = Nowe hasła różnią się od siebie. Wpisz dwa razy to samo.
problem-too-short = { $min ->
    [one] Nowe hasło jest za krótkie. Użyj co najmniej { $min } znaku.
   *[other] Nowe hasło jest za krótkie. Użyj co najmniej { $min } znaków.
}
problem-too-long = Nowe hasło jest za długie. Użyj najwyżej { $max } bajtów.
problem-control = Nowe hasło zawiera znak sterujący. Użyj liter, cyfr, symboli i spacji.
problem-looks-like = Nowe hasło wygląda jak hasło aplikacji lub kod zapasowy i zostałoby za nie wzięte. Wybierz inne.
problem-is-name = Nowe hasło jest nazwą konta. Wybierz inne.
problem-unchanged = Nowe hasło jest takie samo jak stare. Wybierz inne.

## Activity and sessions

activity-title = Aktywność
activity-list = Co się wydarzyło
activity-none = Jeszcze nic.
activity-lead = Jeśli czegoś z tej listy nie było Twoim działaniem: zmień hasło, unieważnij nieznane hasła aplikacji i utwórz nowe kody zapasowe.
activity-count = { $n ->
    [one] raz od { $since }
   *[other] { $n } razy od { $since }
}
activity-about = { $event } – { $app }
activity-by-administrator = przez administratora
activity-unknown = Inne zdarzenie: { $name }
app-password-by-name = „{ $name }”, { $id }
app-password-by-id = hasło aplikacji { $id }
sessions-title = Zalogowane
sessions-lead = Aplikacji pocztowych tu nie ma: każda ma hasło aplikacji.
sessions-end-others-lead = Wylogowuje pocztę w przeglądarce i wszystkie inne przeglądarki. Aplikacje pocztowe działają dalej.
sessions-end-others = Wyloguj wszędzie indziej
session-this = Ta przeglądarka
session-panel = Ta strona: ustawienia konta
session-webmail = Poczta w przeglądarce
session-unknown-browser = Nieznana przeglądarka
session-opened = Zalogowano: { $time }
session-used = Ostatnio użyto: { $time }
method-password = hasłem
method-totp = hasłem i kodem
method-recovery-code = hasłem i kodem zapasowym
accepted-app-password = Zalogowano aplikację pocztową – { $app }
accepted-app-password-unnamed = Zalogowano aplikację pocztową hasłem aplikacji
accepted-client = Zalogowano aplikację pocztową hasłem skrzynki
accepted-session = Użyto poczty w przeglądarce
accepted-webmail = Zalogowano do poczty w przeglądarce
accepted-webmail-recovery-code = Zalogowano do poczty w przeglądarce kodem zapasowym
accepted-panel = Zalogowano na tej stronie
signed-out-webmail = Wylogowano z poczty w przeglądarce
signed-out-panel = Wylogowano z tej strony

event-account-created = Utworzono konto
event-account-disabled = Zablokowano konto
event-account-enabled = Odblokowano konto
event-account-renamed = Zmieniono nazwę konta
event-app-password-created = Utworzono hasło aplikacji
event-app-password-revoked = Unieważniono hasło aplikacji
event-authenticator-added = Dodano aplikację uwierzytelniającą
event-authenticator-removed = Usunięto aplikację uwierzytelniającą
event-code-verified = Ponownie podano kod przed zmianą
event-enrolment-begun = Pokazano kod QR dla aplikacji uwierzytelniającej
event-invitation-created = Zaproszono do włączenia logowania dwuetapowego
event-invitation-refused = Odmowa: zaproszenie było nieprawidłowe lub wygasło
event-invitation-revoked = Unieważniono zaproszenie
event-password-changed = Zmieniono hasło
event-recovery-codes-replaced = Utworzono nowe kody zapasowe
event-requirement-cleared = Konto nie ma już własnej reguły logowania dwuetapowego
event-session-closed = Wylogowano
event-session-revoked = Wylogowano sesję z innego miejsca
event-two-factor-exempted = Logowanie dwuetapowe niewymagane
event-two-factor-off = Wyłączono logowanie dwuetapowe
event-two-factor-on = Włączono logowanie dwuetapowe
event-two-factor-required = Logowanie dwuetapowe wymagane
event-two-factor-reset = Zresetowano logowanie dwuetapowe po utracie urządzenia

reason-account-changed = Odmowa: konto zostało zmienione w tej samej chwili
    .step = Zaloguj się ponownie.
reason-account-disabled = Odmowa: konto jest zablokowane
    .step = Zwróć się do administratora.
reason-app-password-expired = Odmowa: hasło aplikacji wygasło
    .step = Utwórz nowe dla tej aplikacji.
reason-app-password-not-allowed-here = Odmowa: wpisano hasło aplikacji tam, gdzie działa tylko hasło skrzynki
    .step = Używaj haseł aplikacji tylko w aplikacjach pocztowych.
reason-app-password-required = Odmowa: aplikacja pocztowa użyła hasła skrzynki
    .step = Utwórz hasło aplikacji i wpisz je w tej aplikacji.
reason-app-password-revoked = Odmowa: unieważnione hasło aplikacji jest nadal używane
    .step = Utwórz nowe, jeśli urządzenie jest nadal Twoje. Jeśli zaginęło, nie trzeba nic robić: nie ma już dostępu.
reason-code-required = Hasło poprawne, kodu nie podano
    .step = Tak zaczyna się każde logowanie na tej stronie. Jeśli to nie Ty, ktoś zna Twoje hasło: zmień je.
reason-code-used = Odmowa: kod został już wcześniej użyty
    .step = Poczekaj na następny kod.
reason-credential-too-long = Odmowa: hasło było dłuższe, niż to możliwe
reason-empty-credential = Odmowa: nie przesłano hasła
    .step = Wpisz hasło w aplikacji jeszcze raz.
reason-enrolment-required = Odmowa: najpierw trzeba włączyć logowanie dwuetapowe
    .step = Włącz je tutaj.
reason-invalid-name = Odmowa: nazwa użytkownika nie wygląda jak nazwa konta
    .step = Sprawdź spacje i domenę.
reason-network-not-allowed = Odmowa: hasło aplikacji jest ograniczone do innych sieci
    .step = Utwórz hasło bez tego ograniczenia, jeśli urządzenie jest w ruchu.
reason-not-authenticated = Odmowa: logowania nie dokończono
    .step = Jeśli to się powtarza, powiadom administratora.
reason-password-refused = Nowe hasło nie zostało przyjęte
    .step = Wybierz dłuższe.
reason-protocol-not-allowed = Odmowa: hasło aplikacji jest ograniczone do innych zastosowań
    .step = Utwórz takie, które do tego służy.
reason-protocol-unknown = Odmowa: serwer nie podał, do czego to było
    .step = Powiadom administratora.
reason-recovery-code-used = Odmowa: kod zapasowy został już wcześniej użyty
    .step = Weź inny ze swojego zestawu.
reason-session-ended = Odmowa: sesja poczty w przeglądarce została zakończona
    .step = Zaloguj się ponownie do poczty w przeglądarce.
reason-session-expired = Odmowa: sesja poczty w przeglądarce wygasła
    .step = Zaloguj się ponownie do poczty w przeglądarce.
reason-session-malformed = Odmowa: poczta w przeglądarce przesłała coś, co nie jest sesją
    .step = Jeśli to się powtarza, powiadom administratora.
reason-session-not-allowed-here = Odmowa: sesje poczty w przeglądarce niczego tu nie otwierają
    .step = Jeśli to się powtarza, powiadom administratora.
reason-session-reused = Odmowa: sesja poczty w przeglądarce była już użyta
    .step = Zaloguj się ponownie do poczty w przeglądarce.
reason-session-unconfirmed = Odmowa: logowania do poczty w przeglądarce nie dokończono
    .step = Zaloguj się ponownie do poczty w przeglądarce.
reason-session-unknown = Odmowa: nieznana sesja poczty w przeglądarce
    .step = Zaloguj się ponownie do poczty w przeglądarce.
reason-throttled = Odmowa: zbyt wiele nieudanych prób
    .step = Odczekaj kilka minut. Jeśli to nie Ty, ktoś zgaduje: długie hasło i logowanie dwuetapowe go powstrzymają.
reason-unknown-account = Odmowa: nie ma takiego konta
reason-wrong-app-password = Odmowa: nieprawidłowe hasło aplikacji
    .step = Utwórz nowe dla tej aplikacji.
reason-wrong-code = Odmowa: hasło poprawne, kod nieprawidłowy
    .step = Jeśli to nie Ty, ktoś zna Twoje hasło: zmień je.
reason-wrong-password = Odmowa: nieprawidłowe hasło
    .step = Jeśli któreś z Twoich urządzeń ma jeszcze stare hasło, wpisz w nim nowe.
reason-wrong-recovery-code = Odmowa: hasło poprawne, kod zapasowy nieprawidłowy
    .step = Jeśli to nie Ty, ktoś zna Twoje hasło: zmień je.

## Pages that say one thing

message-home = Do przeglądu
message-again = Spróbuj ponownie
message-not-found-title = Nie ma takiej strony
message-not-found = Adres jest błędny albo nie ma już tego, do czego prowadził.
message-form-expired-title = Ten formularz wygasł
message-form-expired = Nic nie zostało zmienione. Otwórz stronę ponownie i powtórz. Jeśli to się powtórzy, zezwól na pliki cookie dla tej strony.
message-secret-gone-title = To nie jest już pokazywane
message-secret-gone = Tajne dane są pokazywane raz, przez kilka minut. Jeśli nie zostały zachowane, utwórz nowe i unieważnij stare.
message-too-many-requests-title = Zbyt wiele zapytań
message-too-many-requests = Z Twojej sieci zażądano więcej stron, niż ktokolwiek zdoła przeczytać. Odczekaj minutę i spróbuj ponownie.
message-out-of-service-title = Chwilowo niedostępne
message-out-of-service = W tej chwili nie można dotrzeć do Twojego konta. Nic nie zostało zmienione. Spróbuj ponownie za kilka minut; jeśli to potrwa, powiadom administratora.
message-internal-title = Coś poszło nie tak
message-internal = Błąd jest po naszej stronie i został zapisany. Zanim powtórzysz ostatnią zmianę, sprawdź, czy została wprowadzona.

## Notices by mail

notices-title = Powiadomienia
notices-lead = Dostajesz list, gdy zmienia się coś w zabezpieczeniach Twojej skrzynki: logowanie dwuetapowe, hasła aplikacji, hasło, kody zapasowe, logowanie z nowego miejsca.
notices-on = Wysyłaj mi powiadomienia
notices-address = Drugi adres
notices-address-hint = Poza tą skrzynką, na wypadek gdyby kiedyś nie dało się jej przeczytać. Też dostaje każde powiadomienie.
notices-language = Są pisane w języku wybranym dla tych stron.
notices-save = Zapisz
notice-notices-saved = Wybór został zapisany.
problem-notices-address = To nie jest adres pocztowy. Wpisz go jak nazwa@example.org.
problem-notices-mailbox = To sama skrzynka, która i tak dostaje powiadomienia. Podaj adres poza nią.
activity-notices = Powiadomienia pocztą
