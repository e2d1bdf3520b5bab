//! The Argon2 call alone, with the parameters, secret input and associated data of the module, in three kinds of memory.

use argon2::{Algorithm, Argon2, AssociatedData, Block, Params, ParamsBuilder, Version};
use mailkey::credential::Profile;
use memmap2::{Advice, MmapMut, MmapOptions, UncheckedAdvice};

const HUGE: usize = 2 * 1024 * 1024;

/// Where the blocks are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A huge-page mapping, given back after each hash, as the module does it.
    Released,
    /// The same mapping, kept, and never wiped: the least that Argon2 can take.
    Kept,
    /// A new allocation for each hash, as the crate does it by itself.
    Fresh,
}

pub struct Raw {
    argon2: Argon2<'static>,
    count: usize,
    place: Place,
    map: MmapMut,
}

impl Raw {
    pub fn new(profile: Profile, place: Place) -> Self {
        let params: Params = ParamsBuilder::new()
            .m_cost(profile.memory_kib)
            .t_cost(profile.iterations)
            .p_cost(profile.parallelism)
            .data(AssociatedData::new(&[1; 17]).unwrap())
            .output_len(32)
            .build()
            .unwrap();
        let count = params.block_count();
        let map = MmapOptions::new().len((count * Block::SIZE).div_ceil(HUGE) * HUGE + HUGE).map_anon().unwrap();
        map.advise(Advice::HugePage).unwrap();
        let argon2 = Argon2::new_with_secret(&[7; 32], Algorithm::Argon2id, Version::V0x13, params).unwrap();
        Self { argon2, count, place, map }
    }

    pub fn hash(&mut self, secret: &[u8]) -> [u8; 32] {
        let mut hash = [0; 32];
        if self.place == Place::Fresh {
            let mut blocks = vec![Block::new(); self.count];
            self.argon2.hash_password_into_with_memory(secret, &[9; 16], &mut hash, &mut blocks).unwrap();
            return hash;
        }
        let offset = self.map.as_ptr().align_offset(HUGE);
        let start = self.map[offset..offset + self.count * Block::SIZE].as_mut_ptr().cast::<Block>();
        // SAFETY: as in the module's arena: aligned, within the mapping, plain integers, and nobody else looks at it.
        let blocks = unsafe { std::slice::from_raw_parts_mut(start, self.count) };
        self.argon2.hash_password_into_with_memory(secret, &[9; 16], &mut hash, blocks).unwrap();
        if self.place == Place::Released {
            // SAFETY: the pages of a private anonymous mapping then read as zero, which is valid for integers.
            unsafe { self.map.unchecked_advise(UncheckedAdvice::DontNeed) }.unwrap();
        }
        hash
    }
}
