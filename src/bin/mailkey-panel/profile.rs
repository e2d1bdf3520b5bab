//! Settings for mail apps as files: Apple's configuration profile, and Thunderbird's autoconfig.
//!
//! Sources: Apple, "Device Management: Mail" (payload `com.apple.mail.managed`) and "TopLevel"; Mozilla, "Autoconfiguration:
//! ConfigFileFormat" (version 1.1).

use mailkey::account::{Protocol, Protocols};
use mailkey::credential::Secret;
use maud::{PreEscaped, html};
use plist::{Dictionary, Value};
use sha2::{Digest, Sha256};

use crate::config::{Security, Server, Servers};

/// What a configuration profile is made of.
pub struct Profile<'a> {
    /// The address that mail is sent from.
    pub address: &'a str,
    /// The user name that the servers expect.
    pub user: &'a str,
    /// The app password; without it the phone asks for it.
    pub password: Option<&'a Secret>,
    /// What the app password is for.
    pub protocols: Protocols,
    /// The servers.
    pub servers: &'a Servers,
    /// The name of the product.
    pub product: &'a str,
    /// The id of the app password. A profile with another one takes the place of the account's first on a device.
    pub id: &'a str,
}

/// Media type of [`mobileconfig`].
pub const MOBILECONFIG_TYPE: &str = "application/x-apple-aspen-config";

/// Stands for the app password until the file is put together, so that no library keeps a copy that is not wiped. It is
/// of Unicode's private use area: no setting has it.
const PLACE: &str = "\u{f8fe}";

/// Whether a profile can be made: there is a server for reading that the app password opens, and one for sending.
pub fn is_possible(protocols: Protocols, servers: &Servers) -> bool {
    ends(protocols, servers).is_some()
}

/// The server for reading and the one for sending.
fn ends(protocols: Protocols, servers: &Servers) -> Option<((Protocol, &Server), &Server)> {
    let server = |protocol| servers.of(protocol).filter(|_| protocols.contains(protocol));
    let reading = [Protocol::Imap, Protocol::Pop3].into_iter().find_map(|protocol| Some((protocol, server(protocol)?)));
    Some((reading?, server(Protocol::Smtp)?))
}

/// Apple's configuration profile, an XML property list. None where none can be made ([`is_possible`]).
pub fn mobileconfig(profile: &Profile<'_>) -> Option<Secret> {
    let ((protocol, reading), sending) = ends(profile.protocols, profile.servers)?;
    let product = profile.product.replace(PLACE, "");
    let title = format!("{product}: {}", profile.address);
    let kind = if protocol == Protocol::Imap { "EmailTypeIMAP" } else { "EmailTypePOP" };
    let identifier = format!("mailkey.{}", uuid(&[profile.user]));

    let mut mail = payload("com.apple.mail.managed", &format!("{identifier}.mail"), &title);
    mail.insert("PayloadUUID".into(), uuid(&[profile.user, profile.id, "mail"]).into());
    mail.insert("EmailAccountType".into(), kind.into());
    mail.insert("EmailAccountDescription".into(), title.as_str().into());
    mail.insert("EmailAddress".into(), profile.address.into());
    for (side, server) in [("Incoming", reading), ("Outgoing", sending)] {
        let mut set = |name: &str, value: Value| mail.insert(format!("{side}MailServer{name}"), value);
        set("Authentication", "EmailAuthPassword".into());
        set("HostName", server.host.as_str().into());
        set("PortNumber", i64::from(server.port).into());
        // STARTTLS as well: the port says which.
        set("UseSSL", true.into());
        set("Username", profile.user.into());
    }
    mail.insert("OutgoingPasswordSameAsIncomingPassword".into(), true.into());
    if profile.password.is_some() {
        mail.insert("IncomingPassword".into(), PLACE.into());
    }

    let mut top = payload("Configuration", &identifier, &title);
    top.insert("PayloadUUID".into(), uuid(&[profile.user, profile.id, "profile"]).into());
    top.insert("PayloadOrganization".into(), product.as_str().into());
    top.insert("PayloadRemovalDisallowed".into(), false.into());
    top.insert("PayloadContent".into(), Value::Array(vec![mail.into()]));

    let mut xml = Vec::new();
    Value::Dictionary(top).to_writer_xml(&mut xml).ok()?;
    fill(&xml, profile.password)
}

fn payload(kind: &str, identifier: &str, title: &str) -> Dictionary {
    let mut payload = Dictionary::new();
    payload.insert("PayloadType".into(), kind.into());
    payload.insert("PayloadVersion".into(), 1.into());
    payload.insert("PayloadIdentifier".into(), identifier.into());
    payload.insert("PayloadDisplayName".into(), title.into());
    payload
}

/// Puts the app password in its place.
fn fill(xml: &[u8], password: Option<&Secret>) -> Option<Secret> {
    let Some(password) = password else { return Some(Secret::copy(xml)) };
    // What would have to be escaped is in no app password.
    if !password.as_bytes().iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-') {
        return None;
    }
    let at = xml.windows(PLACE.len()).position(|window| window == PLACE.as_bytes())?;
    // Room for everything, so that the growing file leaves no copy of the password behind.
    let mut file = Vec::with_capacity(xml.len() + password.as_bytes().len());
    file.extend_from_slice(&xml[..at]);
    file.extend_from_slice(password.as_bytes());
    file.extend_from_slice(&xml[at + PLACE.len()..]);
    Some(Secret::new(file))
}

/// A UUID of version 8 (RFC 9562 section 5.8) that follows from what it names: the same profile has the same one.
fn uuid(parts: &[&str]) -> String {
    let mut hash = Sha256::new_with_prefix(b"mailkey profile");
    for part in parts {
        hash.update([0]);
        hash.update(part.as_bytes());
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = data_encoding::HEXUPPER.encode(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}

/// Thunderbird's autoconfig (`config-v1.1.xml`) for the addresses of `domain`. None without a server for reading or one
/// for sending, or for what is no domain.
pub fn autoconfig(domain: &str, product: &str, servers: &Servers) -> Option<String> {
    let is_domain = |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '.' || symbol == '-';
    if domain.is_empty() || domain.len() > 253 || !domain.chars().all(is_domain) {
        return None;
    }
    ends(Protocols::ALL, servers)?;
    let side = |element: &str, kind: &str, server: &Server| {
        let socket = match server.security {
            Security::Tls => "SSL",
            Security::Starttls => "STARTTLS",
        };
        let inside = html! {
            hostname { (server.host) }
            port { (server.port) }
            socketType { (socket) }
            username { "%EMAILADDRESS%" }
            authentication { "password-cleartext" }
        };
        format!("<{element} type=\"{kind}\">{}</{element}>", inside.into_string())
    };
    let provider = html! {
        clientConfig version="1.1" {
            emailProvider id=(domain) {
                domain { (domain) }
                displayName { (product) }
                displayShortName { (product) }
                @for (kind, server) in [("imap", &servers.imap), ("pop3", &servers.pop3)] {
                    @if let Some(server) = server { (PreEscaped(side("incomingServer", kind, server))) }
                }
                @if let Some(server) = &servers.smtp { (PreEscaped(side("outgoingServer", "smtp", server))) }
            }
        }
    };
    Some(format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", provider.into_string()))
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;

    fn servers() -> Servers {
        let server = |host: &str, port, security| Some(Server { host: host.into(), port, security });
        Servers {
            imap: server("imap.example.org", 993, Security::Tls),
            pop3: server("pop.example.org", 995, Security::Tls),
            smtp: server("smtp.example.org", 587, Security::Starttls),
            sieve: None,
        }
    }

    fn protocols(all: &[Protocol]) -> Protocols {
        all.iter().copied().collect()
    }

    fn profile<'a>(servers: &'a Servers, password: Option<&'a Secret>) -> Profile<'a> {
        Profile {
            address: "alice@example.org",
            user: "alice@example.org",
            password,
            protocols: protocols(&[Protocol::Imap, Protocol::Smtp]),
            servers,
            product: "Mail & <Sons>",
            id: "k7m2",
        }
    }

    fn read(file: &Secret) -> (Dictionary, Dictionary) {
        let top = Value::from_reader_xml(file.as_bytes()).unwrap().into_dictionary().unwrap();
        let content = top.get("PayloadContent").and_then(Value::as_array).unwrap();
        assert_eq!(content.len(), 1);
        let mail = content[0].as_dictionary().unwrap().clone();
        (top, mail)
    }

    fn text<'a>(of: &'a Dictionary, key: &str) -> &'a str {
        of.get(key).and_then(Value::as_string).unwrap_or_else(|| panic!("{key}"))
    }

    #[test]
    fn a_profile_holds_address_servers_user_name_and_app_password() {
        let (servers, password) = (servers(), Secret::copy(b"k7m2-9xqd-0011-abcd-efgh"));
        let (top, mail) = read(&mobileconfig(&profile(&servers, Some(&password))).unwrap());
        assert_eq!(
            (text(&top, "PayloadType"), text(&mail, "PayloadType")),
            ("Configuration", "com.apple.mail.managed")
        );
        assert_eq!(text(&top, "PayloadDisplayName"), "Mail & <Sons>: alice@example.org");
        assert_eq!(top.get("PayloadRemovalDisallowed").and_then(Value::as_boolean), Some(false));
        for (key, expected) in [
            ("EmailAccountType", "EmailTypeIMAP"),
            ("EmailAddress", "alice@example.org"),
            ("IncomingMailServerHostName", "imap.example.org"),
            ("IncomingMailServerUsername", "alice@example.org"),
            ("IncomingPassword", "k7m2-9xqd-0011-abcd-efgh"),
            ("OutgoingMailServerHostName", "smtp.example.org"),
            ("OutgoingMailServerUsername", "alice@example.org"),
            ("OutgoingMailServerAuthentication", "EmailAuthPassword"),
        ] {
            assert_eq!(text(&mail, key), expected, "{key}");
        }
        for (side, port) in [("Incoming", 993), ("Outgoing", 587)] {
            let get = |name: &str| mail.get(&format!("{side}MailServer{name}"));
            assert_eq!(get("PortNumber").and_then(Value::as_signed_integer), Some(port));
            assert_eq!(get("UseSSL").and_then(Value::as_boolean), Some(true));
        }
    }

    #[test]
    fn without_the_app_password_a_profile_has_no_trace_of_it() {
        let servers = servers();
        let file = mobileconfig(&profile(&servers, None)).unwrap();
        let (_, mail) = read(&file);
        assert!(mail.get("IncomingPassword").is_none() && mail.get("OutgoingPassword").is_none());
        assert!(!file.as_str().unwrap().contains(PLACE));
    }

    #[test]
    fn the_same_profile_has_the_same_uuids_and_a_new_app_password_takes_the_place_of_the_old_one() {
        let servers = servers();
        let of = |profile: Profile<'_>| {
            let (top, mail) = read(&mobileconfig(&profile).unwrap());
            let get = |of: &Dictionary, key| text(of, key).to_string();
            (get(&top, "PayloadIdentifier"), [get(&top, "PayloadUUID"), get(&mail, "PayloadUUID")])
        };
        let (identifier, uuids) = of(profile(&servers, None));
        assert_eq!((&identifier, &uuids), (&of(profile(&servers, None)).0, &of(profile(&servers, None)).1));
        let renewed = of(Profile { id: "9xqd", ..profile(&servers, None) });
        assert!(renewed.0 == identifier && renewed.1 != uuids);
        let other = of(Profile { user: "bob@example.org", ..profile(&servers, None) });
        assert!(other.0 != identifier && other.1 != uuids && uuids[0] != uuids[1]);
        let shape: Vec<usize> = uuids[0].split('-').map(str::len).collect();
        assert_eq!((shape, uuids[0].as_bytes()[14]), (vec![8, 4, 4, 4, 12], b'8'));
    }

    #[test]
    fn a_profile_reads_by_pop3_where_the_app_password_does_and_needs_a_server_for_sending() {
        let servers = servers();
        let pop = protocols(&[Protocol::Pop3, Protocol::Smtp]);
        let (_, mail) = read(&mobileconfig(&Profile { protocols: pop, ..profile(&servers, None) }).unwrap());
        assert_eq!(text(&mail, "EmailAccountType"), "EmailTypePOP");
        assert_eq!(text(&mail, "IncomingMailServerHostName"), "pop.example.org");
        for protocols in [protocols(&[Protocol::Imap]), protocols(&[Protocol::Smtp, Protocol::Sieve])] {
            assert!(!is_possible(protocols, &servers));
            assert!(mobileconfig(&Profile { protocols, ..profile(&servers, None) }).is_none());
        }
        assert!(!is_possible(Protocols::ALL, &Servers::default()));
    }

    /// Elements with their path, attributes and text, read by an XML parser.
    fn elements(xml: &str) -> Vec<(String, String)> {
        let mut reader = Reader::from_str(xml);
        let (mut path, mut found) = (Vec::new(), Vec::new());
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) => {
                    path.push(tag.name().as_ref().to_string());
                    for attribute in tag.attributes() {
                        let attribute = attribute.unwrap();
                        let name = attribute.key.as_ref();
                        found.push((format!("{}@{name}", path.join("/")), attribute.value.to_string()));
                    }
                    found.push((path.join("/"), String::new()));
                }
                Event::Text(text) => {
                    if let Some(last) = found.last_mut() {
                        last.1.push_str(&text);
                    }
                }
                Event::GeneralRef(entity) => {
                    let symbol = match &*entity {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        other => panic!("&{other};"),
                    };
                    found.last_mut().unwrap().1.push(symbol);
                }
                Event::End(_) => {
                    path.pop();
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn thunderbird_is_told_every_server_for_reading_and_the_one_for_sending() {
        let found = elements(&autoconfig("example.org", "Mail & <Sons>", &servers()).unwrap());
        let all = |path: &str| -> Vec<&str> {
            let path = path.replacen("P", "clientConfig/emailProvider", 1);
            found.iter().filter(|(at, _)| *at == path).map(|(_, text)| text.trim()).collect()
        };
        assert_eq!(all("clientConfig@version"), ["1.1"]);
        assert_eq!(
            (all("P@id"), all("P/domain"), all("P/displayName")),
            (vec!["example.org"], vec!["example.org"], vec!["Mail & <Sons>"])
        );
        assert_eq!(all("P/incomingServer@type"), ["imap", "pop3"]);
        assert_eq!(all("P/incomingServer/hostname"), ["imap.example.org", "pop.example.org"]);
        assert_eq!(all("P/incomingServer/port"), ["993", "995"]);
        assert_eq!(all("P/incomingServer/socketType"), ["SSL", "SSL"]);
        assert_eq!(all("P/outgoingServer@type"), ["smtp"]);
        assert_eq!(
            (all("P/outgoingServer/hostname"), all("P/outgoingServer/port")),
            (vec!["smtp.example.org"], vec!["587"])
        );
        assert_eq!(all("P/outgoingServer/socketType"), ["STARTTLS"]);
        for side in ["incomingServer", "outgoingServer"] {
            assert!(all(&format!("P/{side}/username")).iter().all(|name| *name == "%EMAILADDRESS%"));
            assert!(all(&format!("P/{side}/authentication")).iter().all(|how| *how == "password-cleartext"));
        }
    }

    #[test]
    fn thunderbird_is_told_nothing_for_what_is_no_domain_or_without_servers() {
        for domain in ["", "a b", "example.org\"><x>", "exämple.org", "a\0b"] {
            assert_eq!(autoconfig(domain, "Mail", &servers()), None, "{domain}");
        }
        assert_eq!(autoconfig("example.org", "Mail", &Servers { smtp: None, ..servers() }), None);
    }
}
