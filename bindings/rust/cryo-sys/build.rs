//! Finds libcryo: the folder of the file that CRYO_LIBRARY names, or what pkg-config says.

use std::env;
use std::path::Path;
use std::process::{exit, Command};

fn main() {
    println!("cargo:rerun-if-env-changed=CRYO_LIBRARY");
    println!("cargo:rerun-if-env-changed=PKG_CONFIG_PATH");
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    if let Some(library) = env::var_os("CRYO_LIBRARY") {
        let folder = Path::new(&library).parent().unwrap_or_else(|| Path::new("."));
        println!("cargo:rustc-link-search=native={}", folder.display());
        println!("cargo:rustc-link-lib=dylib=cryo");
        return;
    }
    let program = env::var_os("PKG_CONFIG").unwrap_or_else(|| "pkg-config".into());
    let said = match Command::new(&program).args(["--libs", "cryo"]).output() {
        Ok(output) if output.status.success() => output.stdout,
        Ok(output) => fail(&String::from_utf8_lossy(&output.stderr)),
        Err(error) => fail(&format!("{}: {}", program.to_string_lossy(), error)),
    };
    for word in String::from_utf8_lossy(&said).split_whitespace() {
        if let Some(folder) = word.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={}", folder);
        } else if let Some(name) = word.strip_prefix("-l") {
            println!("cargo:rustc-link-lib=dylib={}", name);
        }
    }
}

fn fail(why: &str) -> ! {
    eprintln!("libcryo was not found: {}", why.trim());
    eprintln!(
        "Install Cryo (cmake --install), and set PKG_CONFIG_PATH to where its cryo.pc is; or set CRYO_LIBRARY to the"
    );
    eprintln!("path of its libcryo.so.");
    exit(1);
}
