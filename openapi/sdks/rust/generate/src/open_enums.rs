//! Enums that a newer service may add to: a client must not fail at an order for the one word in it that it does not know.

use syn::{Error, Expr, File, ImplItem, Item, ItemEnum, ItemImpl, Stmt, Type, parse_str};

const VARIANT: &str = "
    /// What a newer service says, and this version has no name for. Not to be sent.
    #[serde(other)]
    Unrecognised";
const SHOWN: &str = r#"Self::Unrecognised => f.write_str("unrecognised"),"#;

/// Gives each enum of words a variant for all other words.
pub fn open(file: &mut File) -> Result<(), Error> {
    let items = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) if module.ident == "types" => module.content.as_mut(),
        _ => None,
    });
    for (_, items) in items {
        let mut opened = Vec::new();
        for item in items.iter_mut() {
            if let Item::Enum(words) = item
                && is_of_words(words)
            {
                words.variants.push(parse_str(VARIANT)?);
                opened.push(words.ident.clone());
            }
        }
        for item in items {
            if let Item::Impl(implementation) = item
                && opened.iter().any(|name| is_display_of(implementation, name))
            {
                show(implementation)?;
            }
        }
    }
    Ok(())
}

fn is_of_words(item: &ItemEnum) -> bool {
    item.variants.iter().all(|variant| variant.fields.is_empty())
}

fn is_display_of(implementation: &ItemImpl, name: &syn::Ident) -> bool {
    let implements = implementation.trait_.as_ref().and_then(|(_, path, _)| path.segments.last());
    let is_display = implements.is_some_and(|last| last.ident == "Display");
    is_display && matches!(&*implementation.self_ty, Type::Path(of) if of.path.is_ident(name))
}

/// Adds how the new variant is shown to what is matched.
fn show(implementation: &mut ItemImpl) -> Result<(), Error> {
    for item in &mut implementation.items {
        if let ImplItem::Fn(method) = item
            && let Some(Stmt::Expr(Expr::Match(matched), _)) = method.block.stmts.last_mut()
        {
            matched.arms.push(parse_str(SHOWN)?);
        }
    }
    Ok(())
}
