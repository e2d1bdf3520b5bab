//! Link settings of the PAM module.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // libpam calls dlopen and dlclose for every login. Marked nodelete, the module stays loaded, and with it the
    // open database handle, the Argon2 memory and the memo of verified app passwords.
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-z,relro,-z,now");
}
