//! Going through all pages of a list.

use futures_core::Stream;
use progenitor_client::ResponseValue;
use url::Url;

use crate::{Error, builder, types};

/// A list that comes in pages.
pub trait Paged: Sized {
    /// What it has.
    type Item;

    /// The page that this asks for, and where the next one begins, if there is one.
    ///
    /// # Errors
    /// As of any call.
    fn page(self) -> impl Future<Output = Result<(Vec<Self::Item>, Option<String>), Error>> + Send;

    /// The same list from another place on.
    #[must_use]
    fn from(self, place: String) -> Self;

    /// All that there is from here on, page by page as it is taken. Ends with the first error.
    fn stream(self) -> impl Stream<Item = Result<Self::Item, Error>> + Send
    where
        Self: Clone + Send,
        Self::Item: Send,
    {
        async_stream::try_stream! {
            let mut next = Some(self.clone());
            while let Some(request) = next {
                let (items, place) = request.page().await?;
                next = place.map(|place| self.clone().from(place));
                for item in items {
                    yield item;
                }
            }
        }
    }
}

/// The parameter of the link to the next page that says where it begins.
fn next_place<T>(response: &ResponseValue<T>, parameter: &str) -> Option<String> {
    let links = response.headers().get_all(http::header::LINK).iter().filter_map(|value| value.to_str().ok());
    let next = links.flat_map(|value| value.split(',')).find(|link| link.contains("rel=\"next\""))?;
    let target = next.split_once('<')?.1.split_once('>')?.0;
    let anywhere = Url::parse("http://localhost").ok()?;
    let url = anywhere.join(target).ok()?;
    url.query_pairs().find(|(name, _)| name == parameter).map(|(_, value)| value.into_owned())
}

/// Makes lists of what builders ask for, each by the parameter that says where a page begins.
macro_rules! paged {
    ($($builder:ident $parameter:ident $item:ident;)+) => {
        $(impl Paged for builder::$builder<'_> {
            type Item = types::$item;

            async fn page(self) -> Result<(Vec<Self::Item>, Option<String>), Error> {
                let response = self.send().await?;
                let next = next_place(&response, stringify!($parameter));
                Ok((response.into_inner(), next))
            }

            fn from(self, place: String) -> Self {
                self.$parameter(place)
            }
        })+
    };
}

paged! {
    ListTickets cursor Ticket;
    ListOrders cursor Order;
    GetOrderHistory cursor OrderTransition;
    ListPayments cursor Payment;
    ListWebhookAttempts cursor WebhookAttempt;
    ListParkedEvents cursor ParkedEvent;
    ListEvents after Event;
}
