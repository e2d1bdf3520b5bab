//! The memory in which Argon2 computes.
//!
//! One private mapping for each thread that hashes, aligned for huge pages and reused. After each use its pages are
//! given back with madvise(MADV_DONTNEED): for a private anonymous mapping the kernel then maps zero-filled pages at the
//! next access (madvise(2)), so that nothing of a hash stays in the address space, and a worker between logins is as
//! small as one that never hashed.

use argon2::Block;
use memmap2::{Advice, MmapMut, MmapOptions, UncheckedAdvice};
use zeroize::Zeroize;

use crate::credential::{HashError, Memory};

/// Size of a huge page, to which the blocks are aligned.
const HUGE: usize = 2 * 1024 * 1024;

/// The mapping; empty until the first hash.
#[derive(Default)]
pub(crate) struct Arena {
    map: Option<MmapMut>,
}

impl Arena {
    /// The mapping, with room for `bytes` from the first aligned address on, and the offset of that address.
    fn room(&mut self, bytes: usize) -> Result<(&mut MmapMut, usize), HashError> {
        let needed = bytes.div_ceil(HUGE).checked_add(1).and_then(|pages| pages.checked_mul(HUGE));
        let needed = needed.ok_or(HashError::Memory)?;
        if self.map.as_ref().is_none_or(|map| map.len() < needed) {
            // The old mapping goes first: both together may exceed the address space of a worker.
            self.map = None;
            let map = MmapOptions::new().len(needed).map_anon().map_err(|_| HashError::Memory)?;
            // Only a hint: without huge pages a hash is slower, not wrong. No child needs what is computed here.
            let _ = map.advise(Advice::HugePage);
            let _ = map.advise(Advice::DontFork);
            let _ = map.advise(Advice::DontDump);
            self.map = Some(map);
        }
        let map = self.map.as_mut().ok_or(HashError::Memory)?;
        let offset = map.as_ptr().align_offset(HUGE);
        if offset.checked_add(bytes).is_none_or(|end| end > map.len()) {
            return Err(HashError::Memory);
        }
        Ok((map, offset))
    }
}

impl Memory for Arena {
    fn lend(&mut self, count: usize, work: &mut dyn FnMut(&mut [Block])) -> Result<(), HashError> {
        let bytes = count.checked_mul(Block::SIZE).ok_or(HashError::Memory)?;
        let (map, offset) = self.room(bytes)?;
        let start = map[offset..offset + bytes].as_mut_ptr().cast::<Block>();
        // SAFETY: `start` is aligned to 2 MiB, hence to Block's 64 bytes; the `bytes` = count · size_of::<Block>() bytes
        // behind it lie within the mapping (the slice above was checked), are initialised (anonymous memory is zero) and
        // valid for Block, which is 128 plain integers; `map` is borrowed mutably, and not used while `blocks` lives.
        let blocks = unsafe { std::slice::from_raw_parts_mut(start, count) };
        work(blocks);
        // SAFETY: MADV_DONTNEED makes the pages of a private anonymous mapping read as zero. The mapping is ours alone,
        // `blocks` is not used any more, and zero bytes are valid for everything that is ever read from it.
        let released = unsafe { map.unchecked_advise(UncheckedAdvice::DontNeed) };
        if released.is_err() {
            map[offset..offset + bytes].zeroize();
        }
        Ok(())
    }
}

const _: () = assert!(size_of::<Block>() == Block::SIZE && align_of::<Block>() <= HUGE);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_zero_again_after_each_use_and_the_mapping_grows() {
        let mut arena = Arena::default();
        for count in [8, 4096, 19456, 64] {
            let mut sum = 0;
            arena
                .lend(count, &mut |blocks| {
                    assert_eq!(blocks.len(), count);
                    sum = blocks.iter().flat_map(|block| block.as_ref()).fold(0, |sum, word| sum | word);
                    blocks.iter_mut().for_each(|block| block.as_mut().fill(u64::MAX));
                })
                .unwrap();
            assert_eq!(sum, 0, "{count}");
        }
    }

    #[test]
    fn more_than_the_address_space_is_an_error() {
        assert_eq!(Arena::default().lend(usize::MAX / 2048, &mut |_| ()), Err(HashError::Memory));
    }
}
