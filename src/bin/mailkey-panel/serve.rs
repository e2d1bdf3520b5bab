//! The front door: listens, speaks TLS where it is told to, and hands requests on; ends when everybody was served.
//!
//! A connection that sends nothing, or its headers too slowly, is closed, and the number of connections is bounded: idle
//! ones cost about as much as their buffers.

use std::io;
use std::net::IpAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use ipnet::IpNet;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_io_timeout::TimeoutStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tower::ServiceExt;

use crate::config::{Listen, Tls};
use crate::crowd::{self, Crowd};
use crate::journal;

/// Connections at once.
const MOST_CONNECTIONS: usize = 8192;
/// For the TLS handshake, and for the headers of a request: also the longest that a connection may idle.
const PATIENCE: Duration = Duration::from_secs(20);
/// Connections of one network at once, unless it is a trusted proxy's.
const MOST_OF_ONE: usize = 256;
/// For the requests under way when the service ends.
const FAREWELL: Duration = Duration::from_secs(10);
/// After a failed accept (too many open files), so that the processor is not lost to trying.
const RECOVERY: Duration = Duration::from_millis(100);

/// Who is at the other end of a connection; an extension of each request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// Somebody at this address.
    Address(IpAddr),
    /// Whoever may open our socket file: the web server.
    SocketFile,
}

/// A listening socket.
pub enum Door {
    /// TCP.
    Tcp(TcpListener),
    /// A socket file, removed at the end.
    Unix(UnixListener, PathBuf),
}

impl Door {
    /// Opens it. A socket file that nobody listens on any more is replaced.
    pub async fn open(listen: &Listen) -> io::Result<Self> {
        match listen {
            Listen::Tcp(address) => Ok(Self::Tcp(TcpListener::bind(address).await?)),
            Listen::Unix(path) => {
                remove_left_over(path).await?;
                let listener = UnixListener::bind(path)?;
                std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o660))?;
                Ok(Self::Unix(listener, path.clone()))
            }
        }
    }

    /// As people type it, with the port that the kernel chose where 0 was asked for.
    pub fn name(&self) -> String {
        match self {
            Self::Tcp(listener) => listener.local_addr().map_or_else(|_| "?".into(), |address| address.to_string()),
            Self::Unix(_, path) => format!("unix:{}", path.display()),
        }
    }
}

async fn remove_left_over(path: &Path) -> io::Result<()> {
    match tokio::net::UnixStream::connect(path).await {
        Ok(_) => Err(io::Error::new(io::ErrorKind::AddrInUse, "another process listens there")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => std::fs::remove_file(path),
        Err(error) => Err(error),
    }
}

/// The certificate, which can be read again while the service runs.
pub struct Certificate {
    files: Tls,
    current: RwLock<TlsAcceptor>,
}

impl Certificate {
    /// Reads it.
    pub fn read(files: &Tls) -> Result<Self, String> {
        Ok(Self { files: files.clone(), current: RwLock::new(acceptor(files)?) })
    }

    /// Reads it again (a renewed certificate); the one in use stays where the new one cannot be used.
    pub fn reload(&self) -> Result<(), String> {
        let renewed = acceptor(&self.files)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = renewed;
        Ok(())
    }

    fn acceptor(&self) -> TlsAcceptor {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn acceptor(files: &Tls) -> Result<TlsAcceptor, String> {
    let within = |path: &Path, what: &dyn std::fmt::Display| format!("{}: {what}", path.display());
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| within(&files.certificate, &error))?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| within(&files.key, &error))?;
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| within(&files.certificate, &error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves until `stop` is there, and then those who are being served. Networks that are not in `proxies` have few
/// connections each.
pub async fn serve(
    door: Door,
    certificate: Option<Arc<Certificate>>,
    proxies: &[IpNet],
    app: Router,
    stop: impl Future<Output = ()>,
) {
    let visitors = Crowd::new(MOST_OF_ONE);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let farewell = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let Ok(place) = places.clone().acquire_owned().await else { break };
        let accepted = tokio::select! {
            accepted = door.accept() => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((connection, peer)) => {
                let own = match peer {
                    Peer::Address(address) if !proxies.iter().any(|network| network.contains(&address)) => {
                        Some(address)
                    }
                    Peer::Address(_) | Peer::SocketFile => None,
                };
                // One too many of its network is closed at once.
                let Some(seat) = visitors.enter(own) else { continue };
                let guest = Guest { peer, places: (place, seat), app: app.clone(), watcher: farewell.watcher() };
                let tls = certificate.as_ref().map(|certificate| certificate.acceptor());
                tokio::spawn(receive(connection, tls, guest));
            }
            Err(error) => {
                journal::error(format_args!("accepting a connection failed: {error}"));
                tokio::time::sleep(RECOVERY).await;
            }
        }
    }
    if let Door::Unix(_, path) = &door {
        // Left over, it would be replaced at the next start.
        let _ = std::fs::remove_file(path);
    }
    drop(door);
    if tokio::time::timeout(FAREWELL, farewell.shutdown()).await.is_err() {
        journal::warning(format_args!("some requests were still under way after {} s", FAREWELL.as_secs()));
    }
}

/// Either kind of connection.
trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Connection for T {}

impl Door {
    async fn accept(&self) -> io::Result<(Box<dyn Connection>, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, address) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Box::new(stream), Peer::Address(address.ip().to_canonical())))
            }
            Self::Unix(listener, _) => {
                let (stream, _) = listener.accept().await?;
                Ok((Box::new(stream), Peer::SocketFile))
            }
        }
    }
}

/// A connection that was let in.
struct Guest {
    peer: Peer,
    places: (OwnedSemaphorePermit, crowd::Place),
    app: Router,
    watcher: Watcher,
}

async fn receive(connection: Box<dyn Connection>, tls: Option<TlsAcceptor>, guest: Guest) {
    match tls {
        None => guest.serve(connection).await,
        // A handshake that fails or takes too long is the visitor's matter.
        Some(tls) => {
            if let Ok(Ok(connection)) = tokio::time::timeout(PATIENCE, tls.accept(connection)).await {
                guest.serve(connection).await;
            }
        }
    }
}

impl Guest {
    async fn serve(self, connection: impl Connection + 'static) {
        let Self { peer, places, app, watcher } = self;
        // Who asks and does not read the answers is not waited for.
        let mut connection = Box::pin(TimeoutStream::new(connection));
        connection.as_mut().set_write_timeout_pinned(Some(PATIENCE));
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(peer);
            app.clone().oneshot(request.map(Body::new))
        });
        let mut builder = http1::Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
        let served = builder.serve_connection(TokioIo::new(connection), service);
        // What goes wrong on the way to one visitor is no trouble of the service.
        let _ = watcher.watch(served).await;
        drop(places);
    }
}
