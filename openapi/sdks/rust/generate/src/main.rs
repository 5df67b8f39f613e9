//! Writes the generated part of the client: `generate DOCUMENT TARGET`. Called by `scripts/sdk`.

mod open_enums;

use std::error::Error;
use std::fs;

use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, InterfaceStyle, TagStyle};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(document), Some(target)) = (arguments.next(), arguments.next()) else {
        return Err("generate DOCUMENT TARGET".into());
    };
    let document: OpenAPI = serde_json::from_str(&fs::read_to_string(document)?)?;
    let mut settings = GenerationSettings::default();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_inner_type("crate::transport::Transport".parse()?)
        .with_derive("PartialEq");
    let tokens = Generator::new(&settings).generate_tokens(&document)?;
    let mut file = syn::parse2(tokens)?;
    open_enums::open(&mut file)?;
    let text = prettyplease::unparse(&file);
    fs::write(
        target,
        format!("// Generated from openapi/openapi.json by scripts/sdk. Do not edit.\n\n{text}"),
    )?;
    Ok(())
}
