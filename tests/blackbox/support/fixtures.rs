//! Users, tickets, orders and payments to call about.

use serde_json::json;

use super::answer::Answer;
use super::server::Server;
use super::time::now_ms;

/// The password of every user made here.
pub(crate) const PASSWORD: &str = "seat-17-row-Q-balcony";

/// A signed-in user.
#[derive(Clone, Debug)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) token: String,
}

impl User {
    /// From the answer to signing up or in.
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        Self { id: answer.string("id"), email: answer.string("email"), token: answer.string("token") }
    }
}

impl Server {
    /// Signs up `{name}@example.test`.
    pub(crate) async fn user(&self, name: &str) -> User {
        let body = json!({"email": format!("{name}@example.test"), "password": PASSWORD});
        User::of(
            &self.post("/api/users/signup", body).await.expect(201, "POST /api/users/signup | anyone | 201"),
        )
    }

    /// Signs in once more: another session of the same user.
    pub(crate) async fn sign_in(&self, user: &User) -> User {
        let body = json!({"email": user.email, "password": PASSWORD});
        User::of(
            &self.post("/api/users/signin", body).await.expect(200, "POST /api/users/signin | anyone | 200"),
        )
    }

    /// Posts a ticket for 19.99 and returns its id.
    pub(crate) async fn ticket(&self, seller: &User) -> String {
        self.ticket_titled(seller, "Some show").await
    }

    /// Posts a ticket with this title and returns its id.
    pub(crate) async fn ticket_titled(&self, seller: &User, title: &str) -> String {
        let posted = self.post("/api/tickets", json!({"title": title, "price": 19.99})).by(seller).await;
        posted.expect(201, "POST /api/tickets | signed in | 201").string("id")
    }

    /// Orders the ticket and returns the order's id.
    pub(crate) async fn order(&self, buyer: &User, ticket: &str) -> String {
        let ordered = self.post("/api/orders", json!({"ticketId": ticket})).by(buyer).await;
        ordered.expect(201, "POST /api/orders | signed in | 201").string("id")
    }

    /// Pays the order and returns the payment's id.
    pub(crate) async fn pay(&self, buyer: &User, order: &str) -> String {
        let paid = self.post("/api/payments", json!({"orderId": order, "token": "tok_visa"})).by(buyer).await;
        paid.expect(201, "POST /api/payments | its buyer | 201").string("id")
    }

    /// The status of a ticket, as anyone sees it.
    pub(crate) async fn ticket_status(&self, ticket: &str) -> String {
        self.get(&format!("/api/tickets/{ticket}"))
            .await
            .expect(200, "also frozen, reserved and sold ones")
            .string("status")
    }

    /// The order, as its buyer sees it.
    pub(crate) async fn order_of(&self, buyer: &User, order: &str) -> Answer {
        self.get(&format!("/api/orders/{order}"))
            .by(buyer)
            .await
            .expect(200, "GET /api/orders/{id} | its buyer | 200")
    }
}

/// An RFC 3339 time so many milliseconds from now.
pub(crate) fn soon(milliseconds: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(now_ms() + milliseconds);
    time.expect("close to now").to_string()
}
