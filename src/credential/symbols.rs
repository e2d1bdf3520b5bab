//! Crockford's base32 symbols: digits and lower-case letters without i, l, o and u.

use zeroize::Zeroizing;

/// The symbols by value.
const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The symbol that a person may have meant: case is folded, o reads as 0, i and l as 1. None for anything else.
pub(super) fn canonical(byte: u8) -> Option<u8> {
    match byte.to_ascii_lowercase() {
        b'o' => Some(b'0'),
        b'i' | b'l' => Some(b'1'),
        symbol if SYMBOLS.contains(&symbol) => Some(symbol),
        _ => None,
    }
}

/// Random symbols of five bits each. A byte carries three bits more than a symbol needs; they are dropped.
pub(super) fn random<const N: usize>() -> Result<[u8; N], super::RandomError> {
    let mut bytes = super::random::<N>()?;
    for byte in &mut bytes {
        *byte = of(*byte);
    }
    Ok(bytes)
}

/// Reads exactly `N` symbols as people may write them; bytes for which `skip` holds may stand anywhere between.
pub(super) fn read<const N: usize>(text: &[u8], skip: impl Fn(u8) -> bool) -> Option<Zeroizing<[u8; N]>> {
    let mut symbols = Zeroizing::new([0; N]);
    let mut free = symbols.iter_mut();
    for &byte in text {
        match canonical(byte) {
            Some(symbol) => *free.next()? = symbol,
            None if skip(byte) => {}
            None => return None,
        }
    }
    let complete = free.next().is_none();
    complete.then_some(symbols)
}

/// The symbol of the lower five bits.
pub(super) fn of(bits: u8) -> u8 {
    SYMBOLS[usize::from(bits & 31)]
}
