//! Crockford's base32 symbols: digits and lower-case letters without i, l, o and u.

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

/// The symbol of the lower five bits.
pub(crate) fn of(bits: u8) -> u8 {
    SYMBOLS[usize::from(bits & 31)]
}
