// Generated from openapi/openapi.json by scripts/sdk. Do not edit.

#[allow(unused_imports)]
pub use progenitor_client::{ByteStream, ClientInfo, Error, ResponseValue};
#[allow(unused_imports)]
use progenitor_client::{encode_path, ClientHooks, OperationInfo, RequestBuilderExt};
/// Types used as operation parameters and responses.
#[allow(clippy::all)]
pub mod types {
    ///The word of whoever deletes their account
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AccountDeletion {
        ///The password, once more
        pub password: ::std::string::String,
    }
    impl AccountDeletion {
        pub fn builder() -> builder::AccountDeletion {
            Default::default()
        }
    }
    ///Leases to acknowledge
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct AckInput {
        ///As fetches gave them
        pub leases: ::std::vec::Vec<::std::string::String>,
    }
    impl AckInput {
        pub fn builder() -> builder::AckInput {
            Default::default()
        }
    }
    ///Why an order was cancelled
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum CancelReason {
        #[serde(rename = "buyer")]
        Buyer,
        #[serde(rename = "expired")]
        Expired,
        #[serde(rename = "refunded")]
        Refunded,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for CancelReason {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Buyer => f.write_str("buyer"),
                Self::Expired => f.write_str("expired"),
                Self::Refunded => f.write_str("refunded"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for CancelReason {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "buyer" => Ok(Self::Buyer),
                "expired" => Ok(Self::Expired),
                "refunded" => Ok(Self::Refunded),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for CancelReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for CancelReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///`ConsistencyLevel`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum ConsistencyLevel {
        #[serde(rename = "strong")]
        Strong,
        #[serde(rename = "session")]
        Session,
        #[serde(rename = "local")]
        Local,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for ConsistencyLevel {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Strong => f.write_str("strong"),
                Self::Session => f.write_str("session"),
                Self::Local => f.write_str("local"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for ConsistencyLevel {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "strong" => Ok(Self::Strong),
                "session" => Ok(Self::Session),
                "local" => Ok(Self::Local),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for ConsistencyLevel {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for ConsistencyLevel {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///A consumer group
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Consumer {
        ///How long a fetch has to acknowledge what it was given
        #[serde(rename = "ackWaitSeconds")]
        pub ack_wait_seconds: u64,
        ///When it was made
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Events that are leased; also those whose time is over, until the next fetch finds that out
        #[serde(rename = "inFlight")]
        pub in_flight: u64,
        ///How many events came after that one, whether they concern it or not
        pub lag: u64,
        ///How often an event is given before it is parked
        #[serde(rename = "maxDeliveries")]
        pub max_deliveries: u32,
        ///The group's name
        pub name: ::std::string::String,
        ///Events that it has given up. One whose last lease is over is among them once the next fetch finds that out
        pub parked: u64,
        ///The last event that it has looked at
        pub position: ::std::string::String,
        ///Where it started: `beginning`, `now`, or a sequence
        pub start: ::std::string::String,
        ///What it is told of; all that its owner sees if there are none
        pub types: ::std::vec::Vec<EventType>,
        ///Events that wait to be given again, or for earlier ones of what they are about
        pub waiting: u64,
    }
    impl Consumer {
        pub fn builder() -> builder::Consumer {
            Default::default()
        }
    }
    ///What a consumer group is to be
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct ConsumerInput {
        ///How long a fetch has to acknowledge what it was given; 30 unless said otherwise
        #[serde(
            rename = "ackWaitSeconds",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub ack_wait_seconds: ::std::option::Option<u64>,
        ///How often an event is given before it is parked; 5 unless said otherwise
        #[serde(
            rename = "maxDeliveries",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub max_deliveries: ::std::option::Option<u32>,
        /**Where it starts: `beginning`, `now`, or the sequence of the first event. `beginning` if this is absent. It cannot be
changed*/
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub start: ::std::option::Option<::std::string::String>,
        ///What it is told of; all that its owner sees if this is absent
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub types: ::std::option::Option<::std::vec::Vec<EventType>>,
    }
    impl ConsumerInput {
        pub fn builder() -> builder::ConsumerInput {
            Default::default()
        }
    }
    ///The address and password of an account
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Credentials {
        ///As when signing up
        pub email: ::std::string::String,
        ///As when signing up: right, or wrong
        pub password: ::std::string::String,
    }
    impl Credentials {
        pub fn builder() -> builder::Credentials {
            Default::default()
        }
    }
    ///Who is signed in
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct CurrentUser {
        ///Null if nobody is signed in
        #[serde(
            rename = "currentUser",
            deserialize_with = "::std::option::Option::deserialize"
        )]
        pub current_user: ::std::option::Option<User>,
    }
    impl CurrentUser {
        pub fn builder() -> builder::CurrentUser {
            Default::default()
        }
    }
    ///Events that were given to a fetch
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Deliveries {
        ///In the order in which they are to be dealt with
        pub deliveries: ::std::vec::Vec<Delivery>,
        ///Until when they are leased; absent if there are none
        #[serde(
            rename = "leasedUntil",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub leased_until: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reset: ::std::option::Option<Reset>,
    }
    impl Deliveries {
        pub fn builder() -> builder::Deliveries {
            Default::default()
        }
    }
    ///An event that was given to a fetch
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Delivery {
        ///The how manyth delivery this is. One that ended because of an earlier event about the same thing does not count
        pub attempt: u32,
        pub event: Event,
        ///To acknowledge it, give it back, or keep it for longer
        pub lease: ::std::string::String,
    }
    impl Delivery {
        pub fn builder() -> builder::Delivery {
            Default::default()
        }
    }
    ///What the owner of the card wants back from their bank
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Dispute {
        ///How much is disputed
        pub amount: f64,
        ///ISO 4217 code in lower case
        pub currency: ::std::string::String,
        ///The gateway's name for it
        #[serde(rename = "gatewayDisputeId")]
        pub gateway_dispute_id: ::std::string::String,
        ///Why, in the gateway's words, such as `fraudulent`
        pub reason: ::std::string::String,
        ///When it began
        pub since: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Where it stands, in the gateway's words, such as `needs_response`, `won` or `lost`
        pub status: ::std::string::String,
        ///The bank has the money: until it decides, and for good if it is lost
        pub withdrawn: bool,
    }
    impl Dispute {
        pub fn builder() -> builder::Dispute {
            Default::default()
        }
    }
    ///Something that happened, as CloudEvents 1.0 has it
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Event {
        pub data: EventData,
        ///`application/json`
        pub datacontenttype: ::std::string::String,
        ///Where the schema of `data` is: `urn:boxoffice:openapi` stands for `/openapi.json`, and a JSON pointer follows
        pub dataschema: ::std::string::String,
        /**The event's position, `<epoch>-<sequence>`: the epoch is that of the `Consistency-Token`. Together with `source` it
is the only one of its kind*/
        pub id: ::std::string::String,
        ///Its place among all events, one more than that of the event before: 20 digits, sorted as text
        pub sequence: ::std::string::String,
        ///`urn:boxoffice:` and the cluster's id
        pub source: ::std::string::String,
        ///`1.0`
        pub specversion: ::std::string::String,
        ///The id of the ticket, order or payment; of an expiration, that of the order
        pub subject: ::std::string::String,
        ///When it was committed
        pub time: ::chrono::DateTime<::chrono::offset::Utc>,
        #[serde(rename = "type")]
        pub type_: EventType,
    }
    impl Event {
        pub fn builder() -> builder::Event {
            Default::default()
        }
    }
    /**What an event is about, as it was right after. Times that count down are those of the event

The `version` of one and the same thing rises by one from event to event, starting at 0. Who is shown all types and
finds another one than that has missed an event. Expirations have no version.*/
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct EventData(
        pub ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    );
    impl ::std::ops::Deref for EventData {
        type Target = ::serde_json::Map<::std::string::String, ::serde_json::Value>;
        fn deref(
            &self,
        ) -> &::serde_json::Map<::std::string::String, ::serde_json::Value> {
            &self.0
        }
    }
    impl ::std::convert::From<EventData>
    for ::serde_json::Map<::std::string::String, ::serde_json::Value> {
        fn from(value: EventData) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    > for EventData {
        fn from(
            value: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ) -> Self {
            Self(value)
        }
    }
    ///What happened
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct EventType(pub ::std::string::String);
    impl ::std::ops::Deref for EventType {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<EventType> for ::std::string::String {
        fn from(value: EventType) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for EventType {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for EventType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for EventType {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///An order's deadline passed, and it is cancelled; the order's own event says so as well
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Expiration {
        ///The order whose deadline passed
        #[serde(rename = "orderId")]
        pub order_id: ::std::string::String,
    }
    impl Expiration {
        pub fn builder() -> builder::Expiration {
            Default::default()
        }
    }
    ///Leases to keep for longer
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ExtendInput {
        ///As fetches gave them
        pub leases: ::std::vec::Vec<::std::string::String>,
        ///For how long from now on; as long as the group waits if this is absent
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub seconds: ::std::option::Option<u64>,
    }
    impl ExtendInput {
        pub fn builder() -> builder::ExtendInput {
            Default::default()
        }
    }
    ///One thing wrong with a request.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Fault {
        ///The field, query parameter or header it is about.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub field: ::std::option::Option<::std::string::String>,
        ///What is wrong, for people.
        pub message: ::std::string::String,
    }
    impl Fault {
        pub fn builder() -> builder::Fault {
            Default::default()
        }
    }
    ///How the replica is
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Health {
        ///`ok`
        pub status: ::std::string::String,
    }
    impl Health {
        pub fn builder() -> builder::Health {
            Default::default()
        }
    }
    ///A public Ed25519 key, RFC 8037
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct JsonWebKey {
        ///`EdDSA`
        pub alg: ::std::string::String,
        ///Curve: `Ed25519`
        pub crv: ::std::string::String,
        ///The key's name, as the header of tokens has it
        pub kid: ::std::string::String,
        ///Key type: `OKP`
        pub kty: ::std::string::String,
        ///`sig`: it verifies signatures
        #[serde(rename = "use")]
        pub use_: ::std::string::String,
        ///The public key, in unpadded base64url
        pub x: ::std::string::String,
    }
    impl JsonWebKey {
        pub fn builder() -> builder::JsonWebKey {
            Default::default()
        }
    }
    ///The operator's key to make
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KeyInput {
        ///How long it works, from a minute to ten years; until it is revoked if this is absent
        #[serde(
            rename = "expiresInSeconds",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub expires_in_seconds: ::std::option::Option<u64>,
        ///What it is for, to recognise it in lists and in what it did
        pub label: ::std::string::String,
        ///What it is good for: nothing that the key lacks which asks
        pub scopes: ::std::vec::Vec<Scope>,
    }
    impl KeyInput {
        pub fn builder() -> builder::KeyInput {
            Default::default()
        }
    }
    ///Public keys, to verify bearer tokens with
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct KeySet {
        ///The one that signs now, and those whose tokens may still be about
        pub keys: ::std::vec::Vec<JsonWebKey>,
    }
    impl KeySet {
        pub fn builder() -> builder::KeySet {
            Default::default()
        }
    }
    ///Leases to give back
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NackInput {
        ///For how long nobody is given them; not at all if this is absent
        #[serde(
            rename = "delaySeconds",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub delay_seconds: ::std::option::Option<u64>,
        ///As fetches gave them
        pub leases: ::std::vec::Vec<::std::string::String>,
        ///Why: shown with an event that is parked
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
    }
    impl NackInput {
        pub fn builder() -> builder::NackInput {
            Default::default()
        }
    }
    ///The address and password of a new account
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewAccount {
        ///In any case; surrounding white space does not count
        pub email: ::std::string::String,
        ///8 to 128 characters, and none of the passwords that are tried first
        pub password: ::std::string::String,
    }
    impl NewAccount {
        pub fn builder() -> builder::NewAccount {
            Default::default()
        }
    }
    ///An operator's key that was just made
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewOperatorKey {
        ///When it was made
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The key that made it; absent if the command line did
        #[serde(
            rename = "createdBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///From when on it counts for nothing, if it expires
        #[serde(
            rename = "expiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub expires_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The key's id
        pub id: ::std::string::String,
        ///Whether this very request came with it
        #[serde(rename = "isCurrent")]
        pub is_current: bool,
        ///What it is for
        pub label: ::std::string::String,
        ///Since when it counts for nothing, if it was revoked
        #[serde(
            rename = "revokedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub revoked_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The key that revoked it; absent if the command line did
        #[serde(
            rename = "revokedBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub revoked_by: ::std::option::Option<::std::string::String>,
        ///What it is good for
        pub scopes: ::std::vec::Vec<Scope>,
        ///Send it as `Authorization: Bearer …`. It is shown here, and never again
        pub secret: ::std::string::String,
    }
    impl NewOperatorKey {
        pub fn builder() -> builder::NewOperatorKey {
            Default::default()
        }
    }
    ///A password in place of another
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NewPassword {
        ///The password until now
        pub current: ::std::string::String,
        ///The password from now on: none of those that are tried first
        pub new: ::std::string::String,
    }
    impl NewPassword {
        pub fn builder() -> builder::NewPassword {
            Default::default()
        }
    }
    ///What the buyer has to do before the money moves
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct NextAction {
        ///With what the gateway's script in the buyer's browser goes on, if that is it
        #[serde(
            rename = "clientSecret",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub client_secret: ::std::option::Option<::std::string::String>,
        ///With what that script is set up
        #[serde(
            rename = "publishableKey",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub publishable_key: ::std::option::Option<::std::string::String>,
        ///Which kind of thing, in the gateway's words, such as `redirect_to_url` or `use_stripe_sdk`
        #[serde(rename = "type")]
        pub type_: ::std::string::String,
        ///Where to send the buyer, if that is it
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }
    impl NextAction {
        pub fn builder() -> builder::NextAction {
            Default::default()
        }
    }
    ///No more than that it was done
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    #[serde(transparent)]
    pub struct Nothing(
        pub ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    );
    impl ::std::ops::Deref for Nothing {
        type Target = ::serde_json::Map<::std::string::String, ::serde_json::Value>;
        fn deref(
            &self,
        ) -> &::serde_json::Map<::std::string::String, ::serde_json::Value> {
            &self.0
        }
    }
    impl ::std::convert::From<Nothing>
    for ::serde_json::Map<::std::string::String, ::serde_json::Value> {
        fn from(value: Nothing) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    > for Nothing {
        fn from(
            value: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
        ) -> Self {
            Self(value)
        }
    }
    ///An operator's key, without its secret
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OperatorKey {
        ///When it was made
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The key that made it; absent if the command line did
        #[serde(
            rename = "createdBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub created_by: ::std::option::Option<::std::string::String>,
        ///From when on it counts for nothing, if it expires
        #[serde(
            rename = "expiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub expires_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The key's id
        pub id: ::std::string::String,
        ///Whether this very request came with it
        #[serde(rename = "isCurrent")]
        pub is_current: bool,
        ///What it is for
        pub label: ::std::string::String,
        ///Since when it counts for nothing, if it was revoked
        #[serde(
            rename = "revokedAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub revoked_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///The key that revoked it; absent if the command line did
        #[serde(
            rename = "revokedBy",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub revoked_by: ::std::option::Option<::std::string::String>,
        ///What it is good for
        pub scopes: ::std::vec::Vec<Scope>,
    }
    impl OperatorKey {
        pub fn builder() -> builder::OperatorKey {
            Default::default()
        }
    }
    ///A buyer's claim on a ticket
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Order {
        #[serde(
            rename = "cancelReason",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub cancel_reason: ::std::option::Option<CancelReason>,
        ///When the ticket was reserved
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Until when it may be paid
        #[serde(rename = "expiresAt")]
        pub expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The same as seconds from now, for clients whose clocks differ; 0 once it is over
        #[serde(rename = "expiresInSeconds")]
        pub expires_in_seconds: u64,
        ///The order's id
        pub id: ::std::string::String,
        pub status: OrderStatus,
        pub ticket: OrderedTicket,
        ///When it became what it is
        #[serde(rename = "updatedAt")]
        pub updated_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Who made it
        #[serde(rename = "userId")]
        pub user_id: ::std::string::String,
        ///Starts at 0 and rises by one with each change; also the ETag
        pub version: u64,
    }
    impl Order {
        pub fn builder() -> builder::Order {
            Default::default()
        }
    }
    ///What to reserve
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderInput {
        ///The ticket to reserve
        #[serde(rename = "ticketId")]
        pub ticket_id: ::std::string::String,
    }
    impl OrderInput {
        pub fn builder() -> builder::OrderInput {
            Default::default()
        }
    }
    ///Where an order stands
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum OrderStatus {
        #[serde(rename = "created")]
        Created,
        #[serde(rename = "awaiting:payment")]
        AwaitingPayment,
        #[serde(rename = "complete")]
        Complete,
        #[serde(rename = "cancelled")]
        Cancelled,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for OrderStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Created => f.write_str("created"),
                Self::AwaitingPayment => f.write_str("awaiting:payment"),
                Self::Complete => f.write_str("complete"),
                Self::Cancelled => f.write_str("cancelled"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for OrderStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "created" => Ok(Self::Created),
                "awaiting:payment" => Ok(Self::AwaitingPayment),
                "complete" => Ok(Self::Complete),
                "cancelled" => Ok(Self::Cancelled),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for OrderStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for OrderStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///One transition of an order
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderTransition {
        pub actor: TransitionActor,
        ///When
        pub at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Which key, if an operator used one
        #[serde(
            rename = "keyId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub key_id: ::std::option::Option<::std::string::String>,
        ///The latest attempt to pay by then
        #[serde(
            rename = "paymentId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub payment_id: ::std::option::Option<::std::string::String>,
        pub reason: TransitionReason,
        pub status: OrderStatus,
        ///Which user, if it was one
        #[serde(
            rename = "userId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub user_id: ::std::option::Option<::std::string::String>,
        ///The version that the order became
        pub version: u64,
    }
    impl OrderTransition {
        pub fn builder() -> builder::OrderTransition {
            Default::default()
        }
    }
    ///The ticket as it was when it was reserved
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct OrderedTicket {
        ///ISO 4217 code in lower case
        pub currency: ::std::string::String,
        ///The ticket's id
        pub id: ::std::string::String,
        ///The price that was locked
        pub price: f64,
        ///When the show begins
        #[serde(
            rename = "startsAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub starts_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///What it is for
        pub title: ::std::string::String,
        ///Who offered it
        #[serde(rename = "userId")]
        pub user_id: ::std::string::String,
        ///Where the show is
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub venue: ::std::option::Option<::std::string::String>,
        ///Which version of the ticket was reserved
        pub version: u64,
    }
    impl OrderedTicket {
        pub fn builder() -> builder::OrderedTicket {
            Default::default()
        }
    }
    ///An event that a group has given up
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct ParkedEvent {
        ///How often it was given
        pub attempts: u32,
        pub event: Event,
        ///When it was given up
        #[serde(rename = "parkedAt")]
        pub parked_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Why: what whoever gave it back last said, or that its time ran out
        pub reason: ::std::string::String,
    }
    impl ParkedEvent {
        pub fn builder() -> builder::ParkedEvent {
            Default::default()
        }
    }
    ///A password in place of one that was forgotten
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PasswordReset {
        ///The password from now on: none of those that are tried first
        pub new: ::std::string::String,
        ///The one-time token
        pub token: ::std::string::String,
    }
    impl PasswordReset {
        pub fn builder() -> builder::PasswordReset {
            Default::default()
        }
    }
    ///One attempt to pay for an order
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Payment {
        ///The price that was locked
        pub amount: f64,
        ///When it began
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///ISO 4217 code in lower case
        pub currency: ::std::string::String,
        ///Why it failed, as the gateway's code; the seller is told that it was declined, and not why
        #[serde(
            rename = "declineCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub decline_code: ::std::option::Option<::std::string::String>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub dispute: ::std::option::Option<Dispute>,
        ///The gateway's name for it, by which it is found there
        #[serde(
            rename = "gatewayPaymentId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub gateway_payment_id: ::std::option::Option<::std::string::String>,
        ///The payment's id
        pub id: ::std::string::String,
        #[serde(
            rename = "nextAction",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_action: ::std::option::Option<NextAction>,
        ///The order that it is for
        #[serde(rename = "orderId")]
        pub order_id: ::std::string::String,
        ///How much of it went back, once it was charged
        #[serde(
            rename = "refundedAmount",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub refunded_amount: ::std::option::Option<f64>,
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub stage: ::std::option::Option<PaymentStage>,
        pub status: PaymentStatus,
        ///When it became what it is
        #[serde(rename = "updatedAt")]
        pub updated_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Starts at 0 and rises by one with each change; also the ETag
        pub version: u64,
    }
    impl Payment {
        pub fn builder() -> builder::Payment {
            Default::default()
        }
    }
    ///What to pay, and with what
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentInput {
        ///The order to pay for
        #[serde(rename = "orderId")]
        pub order_id: ::std::string::String,
        /**What the gateway takes the money from: a token (`tok_…`) or a payment method (`pm_…`); with the sandbox
`tok_visa`, `tok_chargeDeclined`, `tok_slow` …*/
        pub token: ::std::string::String,
    }
    impl PaymentInput {
        pub fn builder() -> builder::PaymentInput {
            Default::default()
        }
    }
    ///With what the buyer's browser pays
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct PaymentIntent {
        ///For the gateway's script in the buyer's browser, and for nobody else: whoever has it can pay
        #[serde(rename = "clientSecret")]
        pub client_secret: ::std::string::String,
        ///The payment that it is for
        #[serde(rename = "paymentId")]
        pub payment_id: ::std::string::String,
        ///With what that script is set up
        #[serde(rename = "publishableKey")]
        pub publishable_key: ::std::string::String,
    }
    impl PaymentIntent {
        pub fn builder() -> builder::PaymentIntent {
            Default::default()
        }
    }
    ///How far a payment is while it is `processing`
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum PaymentStage {
        #[serde(rename = "claimed")]
        Claimed,
        #[serde(rename = "confirming")]
        Confirming,
        #[serde(rename = "awaiting:buyer")]
        AwaitingBuyer,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for PaymentStage {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Claimed => f.write_str("claimed"),
                Self::Confirming => f.write_str("confirming"),
                Self::AwaitingBuyer => f.write_str("awaiting:buyer"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for PaymentStage {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "claimed" => Ok(Self::Claimed),
                "confirming" => Ok(Self::Confirming),
                "awaiting:buyer" => Ok(Self::AwaitingBuyer),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for PaymentStage {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for PaymentStage {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Where a payment stands
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum PaymentStatus {
        #[serde(rename = "processing")]
        Processing,
        #[serde(rename = "succeeded")]
        Succeeded,
        #[serde(rename = "partially_refunded")]
        PartiallyRefunded,
        #[serde(rename = "failed")]
        Failed,
        #[serde(rename = "refunding")]
        Refunding,
        #[serde(rename = "refunded")]
        Refunded,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for PaymentStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Processing => f.write_str("processing"),
                Self::Succeeded => f.write_str("succeeded"),
                Self::PartiallyRefunded => f.write_str("partially_refunded"),
                Self::Failed => f.write_str("failed"),
                Self::Refunding => f.write_str("refunding"),
                Self::Refunded => f.write_str("refunded"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for PaymentStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "processing" => Ok(Self::Processing),
                "succeeded" => Ok(Self::Succeeded),
                "partially_refunded" => Ok(Self::PartiallyRefunded),
                "failed" => Ok(Self::Failed),
                "refunding" => Ok(Self::Refunding),
                "refunded" => Ok(Self::Refunded),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for PaymentStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for PaymentStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Why a request was refused.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Problem {
        ///Why the gateway declined the charge, as a stable word of the gateway's.
        #[serde(
            rename = "declineCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub decline_code: ::std::option::Option<::std::string::String>,
        ///What happened this time; the title again where there is no more to say.
        pub detail: ::std::string::String,
        ///One entry per fault, all faults of a request at once; never empty.
        pub errors: ::std::vec::Vec<Fault>,
        ///The payment it is about, if it is about one.
        #[serde(
            rename = "paymentId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub payment_id: ::std::option::Option<::std::string::String>,
        ///Names this request in the service's logs.
        #[serde(
            rename = "requestId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub request_id: ::std::option::Option<::std::string::String>,
        ///The HTTP status code.
        pub status: u16,
        ///The case in words, the same for every occurrence.
        pub title: ::std::string::String,
        #[serde(rename = "type")]
        pub type_: ProblemType,
    }
    impl Problem {
        pub fn builder() -> builder::Problem {
            Default::default()
        }
    }
    ///Tells every case apart by a stable URI reference; later versions may know more
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    #[serde(transparent)]
    pub struct ProblemType(pub ::std::string::String);
    impl ::std::ops::Deref for ProblemType {
        type Target = ::std::string::String;
        fn deref(&self) -> &::std::string::String {
            &self.0
        }
    }
    impl ::std::convert::From<ProblemType> for ::std::string::String {
        fn from(value: ProblemType) -> Self {
            value.0
        }
    }
    impl ::std::convert::From<::std::string::String> for ProblemType {
        fn from(value: ::std::string::String) -> Self {
            Self(value)
        }
    }
    impl ::std::fmt::Display for ProblemType {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            self.0.fmt(f)
        }
    }
    impl ::std::str::FromStr for ProblemType {
        type Err = ::std::convert::Infallible;
        fn from_str(value: &str) -> ::std::result::Result<Self, Self::Err> {
            Ok(Self(value.to_string()))
        }
    }
    ///Parked events to give again
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct RedriveInput {
        ///Their sequences; all that are parked if this is absent
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub sequences: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    }
    impl RedriveInput {
        pub fn builder() -> builder::RedriveInput {
            Default::default()
        }
    }
    ///How many parked events are given again
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Redriven {
        ///How many
        pub redriven: u32,
    }
    impl Redriven {
        pub fn builder() -> builder::Redriven {
            Default::default()
        }
    }
    ///Money that goes back
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Refund {
        pub actor: RefundActor,
        ///How much of it
        pub amount: f64,
        pub cause: RefundCause,
        ///When it was asked for
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///ISO 4217 code in lower case
        pub currency: ::std::string::String,
        ///Why it failed, as the gateway's code
        #[serde(
            rename = "failureCode",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub failure_code: ::std::option::Option<::std::string::String>,
        ///The gateway's name for the latest try
        #[serde(
            rename = "gatewayRefundId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub gateway_refund_id: ::std::option::Option<::std::string::String>,
        ///The refund's id
        pub id: ::std::string::String,
        ///By which key, if an operator asked for it
        #[serde(
            rename = "keyId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub key_id: ::std::option::Option<::std::string::String>,
        ///The payment that is given back
        #[serde(rename = "paymentId")]
        pub payment_id: ::std::string::String,
        ///What whoever asked for it gave as the reason
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
        ///By which operator's key it was begun last, if not the first time
        #[serde(
            rename = "retriedByKeyId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub retried_by_key_id: ::std::option::Option<::std::string::String>,
        pub status: RefundStatus,
        ///How often it was begun
        pub tries: u32,
        ///When it became what it is
        #[serde(rename = "updatedAt")]
        pub updated_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Which user asked for it, if it was one
        #[serde(
            rename = "userId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub user_id: ::std::option::Option<::std::string::String>,
        ///Starts at 0 and rises by one with each change; also the ETag
        pub version: u64,
    }
    impl Refund {
        pub fn builder() -> builder::Refund {
            Default::default()
        }
    }
    ///Who asked for a refund
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RefundActor {
        #[serde(rename = "user")]
        User,
        #[serde(rename = "operator")]
        Operator,
        #[serde(rename = "service")]
        Service,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for RefundActor {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::User => f.write_str("user"),
                Self::Operator => f.write_str("operator"),
                Self::Service => f.write_str("service"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for RefundActor {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "user" => Ok(Self::User),
                "operator" => Ok(Self::Operator),
                "service" => Ok(Self::Service),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RefundActor {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RefundActor {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Why there is a refund
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RefundCause {
        #[serde(rename = "requested")]
        Requested,
        #[serde(rename = "late:charge")]
        LateCharge,
        #[serde(rename = "gateway")]
        Gateway,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for RefundCause {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Requested => f.write_str("requested"),
                Self::LateCharge => f.write_str("late:charge"),
                Self::Gateway => f.write_str("gateway"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for RefundCause {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "requested" => Ok(Self::Requested),
                "late:charge" => Ok(Self::LateCharge),
                "gateway" => Ok(Self::Gateway),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RefundCause {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RefundCause {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///How much to give back, and why
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    #[serde(deny_unknown_fields)]
    pub struct RefundInput {
        ///All that is left if this is absent
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub amount: ::std::option::Option<f64>,
        ///For whoever looks at it later
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub reason: ::std::option::Option<::std::string::String>,
    }
    impl RefundInput {
        pub fn builder() -> builder::RefundInput {
            Default::default()
        }
    }
    ///Where a refund stands
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum RefundStatus {
        #[serde(rename = "pending")]
        Pending,
        #[serde(rename = "succeeded")]
        Succeeded,
        #[serde(rename = "failed")]
        Failed,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for RefundStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Pending => f.write_str("pending"),
                Self::Succeeded => f.write_str("succeeded"),
                Self::Failed => f.write_str("failed"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for RefundStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "pending" => Ok(Self::Pending),
                "succeeded" => Ok(Self::Succeeded),
                "failed" => Ok(Self::Failed),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for RefundStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for RefundStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Where a group goes on that fell behind what is kept
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Reset {
        ///To acknowledge it, as with events. Whoever acknowledges an event of the same answer has done so
        pub lease: ::std::string::String,
        ///The id of the event at which it went on
        pub oldest: ::std::string::String,
    }
    impl Reset {
        pub fn builder() -> builder::Reset {
            Default::default()
        }
    }
    ///What an operator's key is good for
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum Scope {
        #[serde(rename = "keys")]
        Keys,
        #[serde(rename = "orders:read")]
        OrdersRead,
        #[serde(rename = "payments:read")]
        PaymentsRead,
        #[serde(rename = "refunds")]
        Refunds,
        #[serde(rename = "events:read")]
        EventsRead,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for Scope {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Keys => f.write_str("keys"),
                Self::OrdersRead => f.write_str("orders:read"),
                Self::PaymentsRead => f.write_str("payments:read"),
                Self::Refunds => f.write_str("refunds"),
                Self::EventsRead => f.write_str("events:read"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for Scope {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "keys" => Ok(Self::Keys),
                "orders:read" => Ok(Self::OrdersRead),
                "payments:read" => Ok(Self::PaymentsRead),
                "refunds" => Ok(Self::Refunds),
                "events:read" => Ok(Self::EventsRead),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for Scope {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for Scope {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///One signed-in device or program.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Session {
        ///What the client called itself
        pub client: ::std::string::String,
        ///When it was opened
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///When it ends by itself
        #[serde(rename = "expiresAt")]
        pub expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The session's id
        pub id: ::std::string::String,
        ///Whether this very request came with it
        #[serde(rename = "isCurrent")]
        pub is_current: bool,
    }
    impl Session {
        pub fn builder() -> builder::Session {
            Default::default()
        }
    }
    ///The account that was signed in, and its bearer token.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct SignedInUser {
        ///Their address, as it is written in small letters
        pub email: ::std::string::String,
        ///The user's id
        pub id: ::std::string::String,
        ///Send it as `Authorization: Bearer …`; browsers have it as a cookie
        pub token: ::std::string::String,
        ///From when on it counts for nothing
        #[serde(rename = "tokenExpiresAt")]
        pub token_expires_at: ::chrono::DateTime<::chrono::offset::Utc>,
    }
    impl SignedInUser {
        pub fn builder() -> builder::SignedInUser {
            Default::default()
        }
    }
    ///What is offered
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Ticket {
        ///When it was posted
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///ISO 4217 code in lower case
        pub currency: ::std::string::String,
        ///The ticket's id
        pub id: ::std::string::String,
        ///The order that holds or bought it
        #[serde(
            rename = "orderId",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub order_id: ::std::option::Option<::std::string::String>,
        ///Major units, with at most two decimals
        pub price: f64,
        ///When the show begins
        #[serde(
            rename = "startsAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub starts_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        pub status: TicketStatus,
        ///What it is for
        pub title: ::std::string::String,
        ///When it became what it is
        #[serde(rename = "updatedAt")]
        pub updated_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Who offers it
        #[serde(rename = "userId")]
        pub user_id: ::std::string::String,
        ///Where the show is
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub venue: ::std::option::Option<::std::string::String>,
        ///Starts at 0 and rises by one with each change; also the ETag
        pub version: u64,
    }
    impl Ticket {
        pub fn builder() -> builder::Ticket {
            Default::default()
        }
    }
    ///What a seller says about a ticket
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct TicketInput {
        ///Major units, with at most two decimals
        pub price: f64,
        ///When the show begins; from then on the ticket is neither listed nor orderable
        #[serde(
            rename = "startsAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub starts_at: ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
        ///What it is for. White space around it does not count
        pub title: ::std::string::String,
        ///Where the show is. White space around it does not count
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub venue: ::std::option::Option<::std::string::String>,
    }
    impl TicketInput {
        pub fn builder() -> builder::TicketInput {
            Default::default()
        }
    }
    ///In which order tickets are listed
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum TicketSort {
        #[serde(rename = "newest")]
        Newest,
        #[serde(rename = "price")]
        Price,
        #[serde(rename = "-price")]
        Xprice,
        #[serde(rename = "startsAt")]
        StartsAt,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for TicketSort {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Newest => f.write_str("newest"),
                Self::Price => f.write_str("price"),
                Self::Xprice => f.write_str("-price"),
                Self::StartsAt => f.write_str("startsAt"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for TicketSort {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "newest" => Ok(Self::Newest),
                "price" => Ok(Self::Price),
                "-price" => Ok(Self::Xprice),
                "startsAt" => Ok(Self::StartsAt),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for TicketSort {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for TicketSort {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Where a ticket stands
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum TicketStatus {
        #[serde(rename = "available")]
        Available,
        #[serde(rename = "frozen")]
        Frozen,
        #[serde(rename = "reserved")]
        Reserved,
        #[serde(rename = "sold")]
        Sold,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for TicketStatus {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Available => f.write_str("available"),
                Self::Frozen => f.write_str("frozen"),
                Self::Reserved => f.write_str("reserved"),
                Self::Sold => f.write_str("sold"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for TicketStatus {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "available" => Ok(Self::Available),
                "frozen" => Ok(Self::Frozen),
                "reserved" => Ok(Self::Reserved),
                "sold" => Ok(Self::Sold),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for TicketStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for TicketStatus {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Who had an order become what it is
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum TransitionActor {
        #[serde(rename = "user")]
        User,
        #[serde(rename = "operator")]
        Operator,
        #[serde(rename = "service")]
        Service,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for TransitionActor {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::User => f.write_str("user"),
                Self::Operator => f.write_str("operator"),
                Self::Service => f.write_str("service"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for TransitionActor {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "user" => Ok(Self::User),
                "operator" => Ok(Self::Operator),
                "service" => Ok(Self::Service),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for TransitionActor {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for TransitionActor {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Why an order became what it is
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum TransitionReason {
        #[serde(rename = "reserved")]
        Reserved,
        #[serde(rename = "payment:begun")]
        PaymentBegun,
        #[serde(rename = "payment:failed")]
        PaymentFailed,
        #[serde(rename = "paid")]
        Paid,
        #[serde(rename = "cancelled")]
        Cancelled,
        #[serde(rename = "expired")]
        Expired,
        #[serde(rename = "refunded")]
        Refunded,
        #[serde(rename = "unknown")]
        Unknown,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for TransitionReason {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Reserved => f.write_str("reserved"),
                Self::PaymentBegun => f.write_str("payment:begun"),
                Self::PaymentFailed => f.write_str("payment:failed"),
                Self::Paid => f.write_str("paid"),
                Self::Cancelled => f.write_str("cancelled"),
                Self::Expired => f.write_str("expired"),
                Self::Refunded => f.write_str("refunded"),
                Self::Unknown => f.write_str("unknown"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for TransitionReason {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "reserved" => Ok(Self::Reserved),
                "payment:begun" => Ok(Self::PaymentBegun),
                "payment:failed" => Ok(Self::PaymentFailed),
                "paid" => Ok(Self::Paid),
                "cancelled" => Ok(Self::Cancelled),
                "expired" => Ok(Self::Expired),
                "refunded" => Ok(Self::Refunded),
                "unknown" => Ok(Self::Unknown),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for TransitionReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for TransitionReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///The caller's own account: nobody else sees it.
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct User {
        ///Their address, as it is written in small letters
        pub email: ::std::string::String,
        ///The user's id
        pub id: ::std::string::String,
    }
    impl User {
        pub fn builder() -> builder::User {
            Default::default()
        }
    }
    ///An endpoint of webhooks, without its secret
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct Webhook {
        ///When it was made
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Since when not
        #[serde(
            rename = "disabledAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub disabled_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[serde(
            rename = "disabledReason",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub disabled_reason: ::std::option::Option<WebhookDisabledReason>,
        ///Whether anything is sent to it
        pub enabled: bool,
        ///When the first of those was made
        #[serde(
            rename = "failingSince",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub failing_since: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Attempts that failed since then
        pub failures: u32,
        ///The endpoint's id
        pub id: ::std::string::String,
        ///When something was taken last
        #[serde(
            rename = "lastDeliveredAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_delivered_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /**The last event that was dealt with, `<epoch>-<sequence>`: it was taken, waits to be sent again, was given up, or is of
no concern. Recorded at intervals*/
        pub position: ::std::string::String,
        ///Until when messages are signed with the secret before as well
        #[serde(
            rename = "previousSecretExpiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub previous_secret_expires_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Until when it wants to be left alone
        #[serde(
            rename = "restingUntil",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub resting_until: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///When its secret was made
        #[serde(rename = "secretCreatedAt")]
        pub secret_created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///What it is told of; everything that its owner may see if there are none
        pub types: ::std::vec::Vec<EventType>,
        ///Where events are sent to
        pub url: ::std::string::String,
        ///Events that wait to be sent again
        pub waiting: u64,
    }
    impl Webhook {
        pub fn builder() -> builder::Webhook {
            Default::default()
        }
    }
    ///An attempt to send an event to an endpoint
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct WebhookAttempt {
        ///The beginning of the answer, 1 KiB at most
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub answer: ::std::option::Option<::std::string::String>,
        ///When it began
        pub at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///The how manieth attempt of this event it was, from 1
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub attempt: ::std::option::Option<u32>,
        ///How long it took, in milliseconds
        #[serde(rename = "durationMs")]
        pub duration_ms: u64,
        ///The event's id; of several that were forgotten, the first one's
        #[serde(rename = "eventId")]
        pub event_id: ::std::string::String,
        ///Why there was none, or none was asked for
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub fault: ::std::option::Option<::std::string::String>,
        ///The last one of several events that were forgotten
        #[serde(
            rename = "forgottenThrough",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub forgotten_through: ::std::option::Option<::std::string::String>,
        ///When the event will be sent again
        #[serde(
            rename = "nextAttemptAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub next_attempt_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Its number among those of the endpoint, from 1
        pub number: u64,
        pub outcome: WebhookOutcome,
        ///The status that it was answered, if there was an answer
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub status: ::std::option::Option<u32>,
        ///The event's type; `webhook:test` of a test
        #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
        pub type_: ::std::option::Option<::std::string::String>,
    }
    impl WebhookAttempt {
        pub fn builder() -> builder::WebhookAttempt {
            Default::default()
        }
    }
    ///What is to change about an endpoint; what is absent stays
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct WebhookChange {
        ///Whether anything is sent: an endpoint that is enabled again goes on where it was, as far as events are kept
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub enabled: ::std::option::Option<bool>,
        ///Which, of those that are looked at from now on; everything that you may see if there are none
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub types: ::std::option::Option<::std::vec::Vec<EventType>>,
        ///Where to send events to from now on
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub url: ::std::option::Option<::std::string::String>,
    }
    impl WebhookChange {
        pub fn builder() -> builder::WebhookChange {
            Default::default()
        }
    }
    ///Why nothing is sent to an endpoint
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum WebhookDisabledReason {
        #[serde(rename = "owner")]
        Owner,
        #[serde(rename = "gone")]
        Gone,
        #[serde(rename = "failing")]
        Failing,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for WebhookDisabledReason {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Owner => f.write_str("owner"),
                Self::Gone => f.write_str("gone"),
                Self::Failing => f.write_str("failing"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for WebhookDisabledReason {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "owner" => Ok(Self::Owner),
                "gone" => Ok(Self::Gone),
                "failing" => Ok(Self::Failing),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for WebhookDisabledReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for WebhookDisabledReason {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///Where to send events to, and which
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct WebhookInput {
        ///Of these types only; everything that you may see if there are none
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub types: ::std::option::Option<::std::vec::Vec<EventType>>,
        ///`https://…` or `http://…`: on the Internet, without a password and a fragment
        pub url: ::std::string::String,
    }
    impl WebhookInput {
        pub fn builder() -> builder::WebhookInput {
            Default::default()
        }
    }
    ///What came of an attempt
    #[derive(
        ::serde::Deserialize,
        ::serde::Serialize,
        Clone,
        Copy,
        Debug,
        Eq,
        Hash,
        Ord,
        PartialEq,
        PartialOrd
    )]
    pub enum WebhookOutcome {
        #[serde(rename = "delivered")]
        Delivered,
        #[serde(rename = "failed")]
        Failed,
        #[serde(rename = "given-up")]
        GivenUp,
        #[serde(rename = "gone")]
        Gone,
        #[serde(rename = "forgotten")]
        Forgotten,
        /// What a newer service says, and this version has no name for. Not to be sent.
        #[serde(other)]
        Unrecognised,
    }
    impl ::std::fmt::Display for WebhookOutcome {
        fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
            match *self {
                Self::Delivered => f.write_str("delivered"),
                Self::Failed => f.write_str("failed"),
                Self::GivenUp => f.write_str("given-up"),
                Self::Gone => f.write_str("gone"),
                Self::Forgotten => f.write_str("forgotten"),
                Self::Unrecognised => f.write_str("unrecognised"),
            }
        }
    }
    impl ::std::str::FromStr for WebhookOutcome {
        type Err = self::error::ConversionError;
        fn from_str(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            match value {
                "delivered" => Ok(Self::Delivered),
                "failed" => Ok(Self::Failed),
                "given-up" => Ok(Self::GivenUp),
                "gone" => Ok(Self::Gone),
                "forgotten" => Ok(Self::Forgotten),
                _ => Err("invalid value".into()),
            }
        }
    }
    impl ::std::convert::TryFrom<&str> for WebhookOutcome {
        type Error = self::error::ConversionError;
        fn try_from(
            value: &str,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    impl ::std::convert::TryFrom<::std::string::String> for WebhookOutcome {
        type Error = self::error::ConversionError;
        fn try_from(
            value: ::std::string::String,
        ) -> ::std::result::Result<Self, self::error::ConversionError> {
            value.parse()
        }
    }
    ///What to send once more: either `event` or `from`
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, Default, PartialEq)]
    pub struct WebhookResend {
        ///The id of an event, of whatever type
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub event: ::std::option::Option<::std::string::String>,
        ///All that the endpoint is told of, from this on: a time, the id of an event, or its sequence
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        pub from: ::std::option::Option<::std::string::String>,
    }
    impl WebhookResend {
        pub fn builder() -> builder::WebhookResend {
            Default::default()
        }
    }
    ///A test that will be sent
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct WebhookTest {
        ///The test's id, as the endpoint is shown it and its attempt is listed
        #[serde(rename = "eventId")]
        pub event_id: ::std::string::String,
    }
    impl WebhookTest {
        pub fn builder() -> builder::WebhookTest {
            Default::default()
        }
    }
    ///An endpoint of webhooks that has a new secret
    #[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug, PartialEq)]
    pub struct WebhookWithSecret {
        ///When it was made
        #[serde(rename = "createdAt")]
        pub created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///Since when not
        #[serde(
            rename = "disabledAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub disabled_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        #[serde(
            rename = "disabledReason",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub disabled_reason: ::std::option::Option<WebhookDisabledReason>,
        ///Whether anything is sent to it
        pub enabled: bool,
        ///When the first of those was made
        #[serde(
            rename = "failingSince",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub failing_since: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Attempts that failed since then
        pub failures: u32,
        ///The endpoint's id
        pub id: ::std::string::String,
        ///When something was taken last
        #[serde(
            rename = "lastDeliveredAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub last_delivered_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        /**The last event that was dealt with, `<epoch>-<sequence>`: it was taken, waits to be sent again, was given up, or is of
no concern. Recorded at intervals*/
        pub position: ::std::string::String,
        ///Until when messages are signed with the secret before as well
        #[serde(
            rename = "previousSecretExpiresAt",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub previous_secret_expires_at: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///Until when it wants to be left alone
        #[serde(
            rename = "restingUntil",
            skip_serializing_if = "::std::option::Option::is_none"
        )]
        pub resting_until: ::std::option::Option<
            ::chrono::DateTime<::chrono::offset::Utc>,
        >,
        ///What messages are signed with, after Standard Webhooks. It is shown here, and never again
        pub secret: ::std::string::String,
        ///When its secret was made
        #[serde(rename = "secretCreatedAt")]
        pub secret_created_at: ::chrono::DateTime<::chrono::offset::Utc>,
        ///What it is told of; everything that its owner may see if there are none
        pub types: ::std::vec::Vec<EventType>,
        ///Where events are sent to
        pub url: ::std::string::String,
        ///Events that wait to be sent again
        pub waiting: u64,
    }
    impl WebhookWithSecret {
        pub fn builder() -> builder::WebhookWithSecret {
            Default::default()
        }
    }
    /// Types for composing complex structures.
    pub mod builder {
        #[derive(Clone, Debug)]
        pub struct AccountDeletion {
            password: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for AccountDeletion {
            fn default() -> Self {
                Self {
                    password: Err("no value supplied for password".to_string()),
                }
            }
        }
        impl AccountDeletion {
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<AccountDeletion> for super::AccountDeletion {
            type Error = super::error::ConversionError;
            fn try_from(
                value: AccountDeletion,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { password: value.password? })
            }
        }
        impl ::std::convert::From<super::AccountDeletion> for AccountDeletion {
            fn from(value: super::AccountDeletion) -> Self {
                Self {
                    password: Ok(value.password),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct AckInput {
            leases: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for AckInput {
            fn default() -> Self {
                Self {
                    leases: Err("no value supplied for leases".to_string()),
                }
            }
        }
        impl AckInput {
            pub fn leases<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.leases = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for leases: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<AckInput> for super::AckInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: AckInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { leases: value.leases? })
            }
        }
        impl ::std::convert::From<super::AckInput> for AckInput {
            fn from(value: super::AckInput) -> Self {
                Self { leases: Ok(value.leases) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Consumer {
            ack_wait_seconds: ::std::result::Result<u64, ::std::string::String>,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            in_flight: ::std::result::Result<u64, ::std::string::String>,
            lag: ::std::result::Result<u64, ::std::string::String>,
            max_deliveries: ::std::result::Result<u32, ::std::string::String>,
            name: ::std::result::Result<::std::string::String, ::std::string::String>,
            parked: ::std::result::Result<u64, ::std::string::String>,
            position: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            start: ::std::result::Result<::std::string::String, ::std::string::String>,
            types: ::std::result::Result<
                ::std::vec::Vec<super::EventType>,
                ::std::string::String,
            >,
            waiting: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Consumer {
            fn default() -> Self {
                Self {
                    ack_wait_seconds: Err(
                        "no value supplied for ack_wait_seconds".to_string(),
                    ),
                    created_at: Err("no value supplied for created_at".to_string()),
                    in_flight: Err("no value supplied for in_flight".to_string()),
                    lag: Err("no value supplied for lag".to_string()),
                    max_deliveries: Err(
                        "no value supplied for max_deliveries".to_string(),
                    ),
                    name: Err("no value supplied for name".to_string()),
                    parked: Err("no value supplied for parked".to_string()),
                    position: Err("no value supplied for position".to_string()),
                    start: Err("no value supplied for start".to_string()),
                    types: Err("no value supplied for types".to_string()),
                    waiting: Err("no value supplied for waiting".to_string()),
                }
            }
        }
        impl Consumer {
            pub fn ack_wait_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.ack_wait_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for ack_wait_seconds: {e}"
                        )
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn in_flight<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.in_flight = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for in_flight: {e}")
                    });
                self
            }
            pub fn lag<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.lag = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for lag: {e}")
                    });
                self
            }
            pub fn max_deliveries<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.max_deliveries = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for max_deliveries: {e}"
                        )
                    });
                self
            }
            pub fn name<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.name = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for name: {e}")
                    });
                self
            }
            pub fn parked<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.parked = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for parked: {e}")
                    });
                self
            }
            pub fn position<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.position = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for position: {e}")
                    });
                self
            }
            pub fn start<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.start = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for start: {e}")
                    });
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::EventType>>,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn waiting<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.waiting = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for waiting: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Consumer> for super::Consumer {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Consumer,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    ack_wait_seconds: value.ack_wait_seconds?,
                    created_at: value.created_at?,
                    in_flight: value.in_flight?,
                    lag: value.lag?,
                    max_deliveries: value.max_deliveries?,
                    name: value.name?,
                    parked: value.parked?,
                    position: value.position?,
                    start: value.start?,
                    types: value.types?,
                    waiting: value.waiting?,
                })
            }
        }
        impl ::std::convert::From<super::Consumer> for Consumer {
            fn from(value: super::Consumer) -> Self {
                Self {
                    ack_wait_seconds: Ok(value.ack_wait_seconds),
                    created_at: Ok(value.created_at),
                    in_flight: Ok(value.in_flight),
                    lag: Ok(value.lag),
                    max_deliveries: Ok(value.max_deliveries),
                    name: Ok(value.name),
                    parked: Ok(value.parked),
                    position: Ok(value.position),
                    start: Ok(value.start),
                    types: Ok(value.types),
                    waiting: Ok(value.waiting),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ConsumerInput {
            ack_wait_seconds: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
            max_deliveries: ::std::result::Result<
                ::std::option::Option<u32>,
                ::std::string::String,
            >,
            start: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            types: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::EventType>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ConsumerInput {
            fn default() -> Self {
                Self {
                    ack_wait_seconds: Ok(Default::default()),
                    max_deliveries: Ok(Default::default()),
                    start: Ok(Default::default()),
                    types: Ok(Default::default()),
                }
            }
        }
        impl ConsumerInput {
            pub fn ack_wait_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.ack_wait_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for ack_wait_seconds: {e}"
                        )
                    });
                self
            }
            pub fn max_deliveries<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u32>>,
                T::Error: ::std::fmt::Display,
            {
                self.max_deliveries = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for max_deliveries: {e}"
                        )
                    });
                self
            }
            pub fn start<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.start = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for start: {e}")
                    });
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::EventType>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ConsumerInput> for super::ConsumerInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ConsumerInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    ack_wait_seconds: value.ack_wait_seconds?,
                    max_deliveries: value.max_deliveries?,
                    start: value.start?,
                    types: value.types?,
                })
            }
        }
        impl ::std::convert::From<super::ConsumerInput> for ConsumerInput {
            fn from(value: super::ConsumerInput) -> Self {
                Self {
                    ack_wait_seconds: Ok(value.ack_wait_seconds),
                    max_deliveries: Ok(value.max_deliveries),
                    start: Ok(value.start),
                    types: Ok(value.types),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Credentials {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            password: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Credentials {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    password: Err("no value supplied for password".to_string()),
                }
            }
        }
        impl Credentials {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Credentials> for super::Credentials {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Credentials,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    password: value.password?,
                })
            }
        }
        impl ::std::convert::From<super::Credentials> for Credentials {
            fn from(value: super::Credentials) -> Self {
                Self {
                    email: Ok(value.email),
                    password: Ok(value.password),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct CurrentUser {
            current_user: ::std::result::Result<
                ::std::option::Option<super::User>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for CurrentUser {
            fn default() -> Self {
                Self {
                    current_user: Err("no value supplied for current_user".to_string()),
                }
            }
        }
        impl CurrentUser {
            pub fn current_user<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::User>>,
                T::Error: ::std::fmt::Display,
            {
                self.current_user = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for current_user: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<CurrentUser> for super::CurrentUser {
            type Error = super::error::ConversionError;
            fn try_from(
                value: CurrentUser,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    current_user: value.current_user?,
                })
            }
        }
        impl ::std::convert::From<super::CurrentUser> for CurrentUser {
            fn from(value: super::CurrentUser) -> Self {
                Self {
                    current_user: Ok(value.current_user),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Deliveries {
            deliveries: ::std::result::Result<
                ::std::vec::Vec<super::Delivery>,
                ::std::string::String,
            >,
            leased_until: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            reset: ::std::result::Result<
                ::std::option::Option<super::Reset>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Deliveries {
            fn default() -> Self {
                Self {
                    deliveries: Err("no value supplied for deliveries".to_string()),
                    leased_until: Ok(Default::default()),
                    reset: Ok(Default::default()),
                }
            }
        }
        impl Deliveries {
            pub fn deliveries<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Delivery>>,
                T::Error: ::std::fmt::Display,
            {
                self.deliveries = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for deliveries: {e}")
                    });
                self
            }
            pub fn leased_until<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.leased_until = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for leased_until: {e}")
                    });
                self
            }
            pub fn reset<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Reset>>,
                T::Error: ::std::fmt::Display,
            {
                self.reset = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reset: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Deliveries> for super::Deliveries {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Deliveries,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    deliveries: value.deliveries?,
                    leased_until: value.leased_until?,
                    reset: value.reset?,
                })
            }
        }
        impl ::std::convert::From<super::Deliveries> for Deliveries {
            fn from(value: super::Deliveries) -> Self {
                Self {
                    deliveries: Ok(value.deliveries),
                    leased_until: Ok(value.leased_until),
                    reset: Ok(value.reset),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Delivery {
            attempt: ::std::result::Result<u32, ::std::string::String>,
            event: ::std::result::Result<super::Event, ::std::string::String>,
            lease: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Delivery {
            fn default() -> Self {
                Self {
                    attempt: Err("no value supplied for attempt".to_string()),
                    event: Err("no value supplied for event".to_string()),
                    lease: Err("no value supplied for lease".to_string()),
                }
            }
        }
        impl Delivery {
            pub fn attempt<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.attempt = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attempt: {e}")
                    });
                self
            }
            pub fn event<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Event>,
                T::Error: ::std::fmt::Display,
            {
                self.event = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event: {e}")
                    });
                self
            }
            pub fn lease<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.lease = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for lease: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Delivery> for super::Delivery {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Delivery,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    attempt: value.attempt?,
                    event: value.event?,
                    lease: value.lease?,
                })
            }
        }
        impl ::std::convert::From<super::Delivery> for Delivery {
            fn from(value: super::Delivery) -> Self {
                Self {
                    attempt: Ok(value.attempt),
                    event: Ok(value.event),
                    lease: Ok(value.lease),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Dispute {
            amount: ::std::result::Result<f64, ::std::string::String>,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            gateway_dispute_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            reason: ::std::result::Result<::std::string::String, ::std::string::String>,
            since: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            status: ::std::result::Result<::std::string::String, ::std::string::String>,
            withdrawn: ::std::result::Result<bool, ::std::string::String>,
        }
        impl ::std::default::Default for Dispute {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                    gateway_dispute_id: Err(
                        "no value supplied for gateway_dispute_id".to_string(),
                    ),
                    reason: Err("no value supplied for reason".to_string()),
                    since: Err("no value supplied for since".to_string()),
                    status: Err("no value supplied for status".to_string()),
                    withdrawn: Err("no value supplied for withdrawn".to_string()),
                }
            }
        }
        impl Dispute {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
            pub fn gateway_dispute_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.gateway_dispute_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for gateway_dispute_id: {e}"
                        )
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
            pub fn since<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.since = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for since: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn withdrawn<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.withdrawn = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for withdrawn: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Dispute> for super::Dispute {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Dispute,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    currency: value.currency?,
                    gateway_dispute_id: value.gateway_dispute_id?,
                    reason: value.reason?,
                    since: value.since?,
                    status: value.status?,
                    withdrawn: value.withdrawn?,
                })
            }
        }
        impl ::std::convert::From<super::Dispute> for Dispute {
            fn from(value: super::Dispute) -> Self {
                Self {
                    amount: Ok(value.amount),
                    currency: Ok(value.currency),
                    gateway_dispute_id: Ok(value.gateway_dispute_id),
                    reason: Ok(value.reason),
                    since: Ok(value.since),
                    status: Ok(value.status),
                    withdrawn: Ok(value.withdrawn),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Event {
            data: ::std::result::Result<super::EventData, ::std::string::String>,
            datacontenttype: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            dataschema: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            sequence: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            source: ::std::result::Result<::std::string::String, ::std::string::String>,
            specversion: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            subject: ::std::result::Result<::std::string::String, ::std::string::String>,
            time: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<super::EventType, ::std::string::String>,
        }
        impl ::std::default::Default for Event {
            fn default() -> Self {
                Self {
                    data: Err("no value supplied for data".to_string()),
                    datacontenttype: Err(
                        "no value supplied for datacontenttype".to_string(),
                    ),
                    dataschema: Err("no value supplied for dataschema".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    sequence: Err("no value supplied for sequence".to_string()),
                    source: Err("no value supplied for source".to_string()),
                    specversion: Err("no value supplied for specversion".to_string()),
                    subject: Err("no value supplied for subject".to_string()),
                    time: Err("no value supplied for time".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl Event {
            pub fn data<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::EventData>,
                T::Error: ::std::fmt::Display,
            {
                self.data = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for data: {e}")
                    });
                self
            }
            pub fn datacontenttype<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.datacontenttype = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for datacontenttype: {e}"
                        )
                    });
                self
            }
            pub fn dataschema<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.dataschema = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dataschema: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn sequence<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.sequence = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sequence: {e}")
                    });
                self
            }
            pub fn source<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.source = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for source: {e}")
                    });
                self
            }
            pub fn specversion<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.specversion = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for specversion: {e}")
                    });
                self
            }
            pub fn subject<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.subject = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for subject: {e}")
                    });
                self
            }
            pub fn time<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.time = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for time: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::EventType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Event> for super::Event {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Event,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    data: value.data?,
                    datacontenttype: value.datacontenttype?,
                    dataschema: value.dataschema?,
                    id: value.id?,
                    sequence: value.sequence?,
                    source: value.source?,
                    specversion: value.specversion?,
                    subject: value.subject?,
                    time: value.time?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::Event> for Event {
            fn from(value: super::Event) -> Self {
                Self {
                    data: Ok(value.data),
                    datacontenttype: Ok(value.datacontenttype),
                    dataschema: Ok(value.dataschema),
                    id: Ok(value.id),
                    sequence: Ok(value.sequence),
                    source: Ok(value.source),
                    specversion: Ok(value.specversion),
                    subject: Ok(value.subject),
                    time: Ok(value.time),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Expiration {
            order_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for Expiration {
            fn default() -> Self {
                Self {
                    order_id: Err("no value supplied for order_id".to_string()),
                }
            }
        }
        impl Expiration {
            pub fn order_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.order_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for order_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Expiration> for super::Expiration {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Expiration,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { order_id: value.order_id? })
            }
        }
        impl ::std::convert::From<super::Expiration> for Expiration {
            fn from(value: super::Expiration) -> Self {
                Self {
                    order_id: Ok(value.order_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ExtendInput {
            leases: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            seconds: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for ExtendInput {
            fn default() -> Self {
                Self {
                    leases: Err("no value supplied for leases".to_string()),
                    seconds: Ok(Default::default()),
                }
            }
        }
        impl ExtendInput {
            pub fn leases<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.leases = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for leases: {e}")
                    });
                self
            }
            pub fn seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for seconds: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ExtendInput> for super::ExtendInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ExtendInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    leases: value.leases?,
                    seconds: value.seconds?,
                })
            }
        }
        impl ::std::convert::From<super::ExtendInput> for ExtendInput {
            fn from(value: super::ExtendInput) -> Self {
                Self {
                    leases: Ok(value.leases),
                    seconds: Ok(value.seconds),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Fault {
            field: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            message: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Fault {
            fn default() -> Self {
                Self {
                    field: Ok(Default::default()),
                    message: Err("no value supplied for message".to_string()),
                }
            }
        }
        impl Fault {
            pub fn field<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.field = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for field: {e}")
                    });
                self
            }
            pub fn message<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.message = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for message: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Fault> for super::Fault {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Fault,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    field: value.field?,
                    message: value.message?,
                })
            }
        }
        impl ::std::convert::From<super::Fault> for Fault {
            fn from(value: super::Fault) -> Self {
                Self {
                    field: Ok(value.field),
                    message: Ok(value.message),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Health {
            status: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Health {
            fn default() -> Self {
                Self {
                    status: Err("no value supplied for status".to_string()),
                }
            }
        }
        impl Health {
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Health> for super::Health {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Health,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { status: value.status? })
            }
        }
        impl ::std::convert::From<super::Health> for Health {
            fn from(value: super::Health) -> Self {
                Self { status: Ok(value.status) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct JsonWebKey {
            alg: ::std::result::Result<::std::string::String, ::std::string::String>,
            crv: ::std::result::Result<::std::string::String, ::std::string::String>,
            kid: ::std::result::Result<::std::string::String, ::std::string::String>,
            kty: ::std::result::Result<::std::string::String, ::std::string::String>,
            use_: ::std::result::Result<::std::string::String, ::std::string::String>,
            x: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for JsonWebKey {
            fn default() -> Self {
                Self {
                    alg: Err("no value supplied for alg".to_string()),
                    crv: Err("no value supplied for crv".to_string()),
                    kid: Err("no value supplied for kid".to_string()),
                    kty: Err("no value supplied for kty".to_string()),
                    use_: Err("no value supplied for use_".to_string()),
                    x: Err("no value supplied for x".to_string()),
                }
            }
        }
        impl JsonWebKey {
            pub fn alg<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.alg = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for alg: {e}")
                    });
                self
            }
            pub fn crv<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.crv = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for crv: {e}")
                    });
                self
            }
            pub fn kid<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kid = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for kid: {e}")
                    });
                self
            }
            pub fn kty<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.kty = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for kty: {e}")
                    });
                self
            }
            pub fn use_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.use_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for use_: {e}")
                    });
                self
            }
            pub fn x<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.x = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for x: {e}"));
                self
            }
        }
        impl ::std::convert::TryFrom<JsonWebKey> for super::JsonWebKey {
            type Error = super::error::ConversionError;
            fn try_from(
                value: JsonWebKey,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    alg: value.alg?,
                    crv: value.crv?,
                    kid: value.kid?,
                    kty: value.kty?,
                    use_: value.use_?,
                    x: value.x?,
                })
            }
        }
        impl ::std::convert::From<super::JsonWebKey> for JsonWebKey {
            fn from(value: super::JsonWebKey) -> Self {
                Self {
                    alg: Ok(value.alg),
                    crv: Ok(value.crv),
                    kid: Ok(value.kid),
                    kty: Ok(value.kty),
                    use_: Ok(value.use_),
                    x: Ok(value.x),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct KeyInput {
            expires_in_seconds: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
            label: ::std::result::Result<::std::string::String, ::std::string::String>,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for KeyInput {
            fn default() -> Self {
                Self {
                    expires_in_seconds: Ok(Default::default()),
                    label: Err("no value supplied for label".to_string()),
                    scopes: Err("no value supplied for scopes".to_string()),
                }
            }
        }
        impl KeyInput {
            pub fn expires_in_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_in_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expires_in_seconds: {e}"
                        )
                    });
                self
            }
            pub fn label<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.label = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for label: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<KeyInput> for super::KeyInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: KeyInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    expires_in_seconds: value.expires_in_seconds?,
                    label: value.label?,
                    scopes: value.scopes?,
                })
            }
        }
        impl ::std::convert::From<super::KeyInput> for KeyInput {
            fn from(value: super::KeyInput) -> Self {
                Self {
                    expires_in_seconds: Ok(value.expires_in_seconds),
                    label: Ok(value.label),
                    scopes: Ok(value.scopes),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct KeySet {
            keys: ::std::result::Result<
                ::std::vec::Vec<super::JsonWebKey>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for KeySet {
            fn default() -> Self {
                Self {
                    keys: Err("no value supplied for keys".to_string()),
                }
            }
        }
        impl KeySet {
            pub fn keys<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::JsonWebKey>>,
                T::Error: ::std::fmt::Display,
            {
                self.keys = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for keys: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<KeySet> for super::KeySet {
            type Error = super::error::ConversionError;
            fn try_from(
                value: KeySet,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { keys: value.keys? })
            }
        }
        impl ::std::convert::From<super::KeySet> for KeySet {
            fn from(value: super::KeySet) -> Self {
                Self { keys: Ok(value.keys) }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NackInput {
            delay_seconds: ::std::result::Result<
                ::std::option::Option<u64>,
                ::std::string::String,
            >,
            leases: ::std::result::Result<
                ::std::vec::Vec<::std::string::String>,
                ::std::string::String,
            >,
            reason: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NackInput {
            fn default() -> Self {
                Self {
                    delay_seconds: Ok(Default::default()),
                    leases: Err("no value supplied for leases".to_string()),
                    reason: Ok(Default::default()),
                }
            }
        }
        impl NackInput {
            pub fn delay_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u64>>,
                T::Error: ::std::fmt::Display,
            {
                self.delay_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for delay_seconds: {e}")
                    });
                self
            }
            pub fn leases<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.leases = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for leases: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NackInput> for super::NackInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NackInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    delay_seconds: value.delay_seconds?,
                    leases: value.leases?,
                    reason: value.reason?,
                })
            }
        }
        impl ::std::convert::From<super::NackInput> for NackInput {
            fn from(value: super::NackInput) -> Self {
                Self {
                    delay_seconds: Ok(value.delay_seconds),
                    leases: Ok(value.leases),
                    reason: Ok(value.reason),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewAccount {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            password: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NewAccount {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    password: Err("no value supplied for password".to_string()),
                }
            }
        }
        impl NewAccount {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn password<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.password = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for password: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NewAccount> for super::NewAccount {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewAccount,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    password: value.password?,
                })
            }
        }
        impl ::std::convert::From<super::NewAccount> for NewAccount {
            fn from(value: super::NewAccount) -> Self {
                Self {
                    email: Ok(value.email),
                    password: Ok(value.password),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewOperatorKey {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            created_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            is_current: ::std::result::Result<bool, ::std::string::String>,
            label: ::std::result::Result<::std::string::String, ::std::string::String>,
            revoked_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            revoked_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
            secret: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for NewOperatorKey {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    created_by: Ok(Default::default()),
                    expires_at: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    is_current: Err("no value supplied for is_current".to_string()),
                    label: Err("no value supplied for label".to_string()),
                    revoked_at: Ok(Default::default()),
                    revoked_by: Ok(Default::default()),
                    scopes: Err("no value supplied for scopes".to_string()),
                    secret: Err("no value supplied for secret".to_string()),
                }
            }
        }
        impl NewOperatorKey {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn created_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_by: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn is_current<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_current = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_current: {e}")
                    });
                self
            }
            pub fn label<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.label = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for label: {e}")
                    });
                self
            }
            pub fn revoked_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.revoked_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for revoked_at: {e}")
                    });
                self
            }
            pub fn revoked_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.revoked_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for revoked_by: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
            pub fn secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for secret: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NewOperatorKey> for super::NewOperatorKey {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewOperatorKey,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    created_by: value.created_by?,
                    expires_at: value.expires_at?,
                    id: value.id?,
                    is_current: value.is_current?,
                    label: value.label?,
                    revoked_at: value.revoked_at?,
                    revoked_by: value.revoked_by?,
                    scopes: value.scopes?,
                    secret: value.secret?,
                })
            }
        }
        impl ::std::convert::From<super::NewOperatorKey> for NewOperatorKey {
            fn from(value: super::NewOperatorKey) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    created_by: Ok(value.created_by),
                    expires_at: Ok(value.expires_at),
                    id: Ok(value.id),
                    is_current: Ok(value.is_current),
                    label: Ok(value.label),
                    revoked_at: Ok(value.revoked_at),
                    revoked_by: Ok(value.revoked_by),
                    scopes: Ok(value.scopes),
                    secret: Ok(value.secret),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NewPassword {
            current: ::std::result::Result<::std::string::String, ::std::string::String>,
            new: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for NewPassword {
            fn default() -> Self {
                Self {
                    current: Err("no value supplied for current".to_string()),
                    new: Err("no value supplied for new".to_string()),
                }
            }
        }
        impl NewPassword {
            pub fn current<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.current = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for current: {e}")
                    });
                self
            }
            pub fn new<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.new = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for new: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NewPassword> for super::NewPassword {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NewPassword,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    current: value.current?,
                    new: value.new?,
                })
            }
        }
        impl ::std::convert::From<super::NewPassword> for NewPassword {
            fn from(value: super::NewPassword) -> Self {
                Self {
                    current: Ok(value.current),
                    new: Ok(value.new),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct NextAction {
            client_secret: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            publishable_key: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<::std::string::String, ::std::string::String>,
            url: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for NextAction {
            fn default() -> Self {
                Self {
                    client_secret: Ok(Default::default()),
                    publishable_key: Ok(Default::default()),
                    type_: Err("no value supplied for type_".to_string()),
                    url: Ok(Default::default()),
                }
            }
        }
        impl NextAction {
            pub fn client_secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.client_secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for client_secret: {e}")
                    });
                self
            }
            pub fn publishable_key<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.publishable_key = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for publishable_key: {e}"
                        )
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<NextAction> for super::NextAction {
            type Error = super::error::ConversionError;
            fn try_from(
                value: NextAction,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    client_secret: value.client_secret?,
                    publishable_key: value.publishable_key?,
                    type_: value.type_?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::NextAction> for NextAction {
            fn from(value: super::NextAction) -> Self {
                Self {
                    client_secret: Ok(value.client_secret),
                    publishable_key: Ok(value.publishable_key),
                    type_: Ok(value.type_),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct OperatorKey {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            created_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            is_current: ::std::result::Result<bool, ::std::string::String>,
            label: ::std::result::Result<::std::string::String, ::std::string::String>,
            revoked_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            revoked_by: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            scopes: ::std::result::Result<
                ::std::vec::Vec<super::Scope>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for OperatorKey {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    created_by: Ok(Default::default()),
                    expires_at: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    is_current: Err("no value supplied for is_current".to_string()),
                    label: Err("no value supplied for label".to_string()),
                    revoked_at: Ok(Default::default()),
                    revoked_by: Ok(Default::default()),
                    scopes: Err("no value supplied for scopes".to_string()),
                }
            }
        }
        impl OperatorKey {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn created_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_by: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn is_current<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_current = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_current: {e}")
                    });
                self
            }
            pub fn label<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.label = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for label: {e}")
                    });
                self
            }
            pub fn revoked_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.revoked_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for revoked_at: {e}")
                    });
                self
            }
            pub fn revoked_by<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.revoked_by = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for revoked_by: {e}")
                    });
                self
            }
            pub fn scopes<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Scope>>,
                T::Error: ::std::fmt::Display,
            {
                self.scopes = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for scopes: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<OperatorKey> for super::OperatorKey {
            type Error = super::error::ConversionError;
            fn try_from(
                value: OperatorKey,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    created_by: value.created_by?,
                    expires_at: value.expires_at?,
                    id: value.id?,
                    is_current: value.is_current?,
                    label: value.label?,
                    revoked_at: value.revoked_at?,
                    revoked_by: value.revoked_by?,
                    scopes: value.scopes?,
                })
            }
        }
        impl ::std::convert::From<super::OperatorKey> for OperatorKey {
            fn from(value: super::OperatorKey) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    created_by: Ok(value.created_by),
                    expires_at: Ok(value.expires_at),
                    id: Ok(value.id),
                    is_current: Ok(value.is_current),
                    label: Ok(value.label),
                    revoked_at: Ok(value.revoked_at),
                    revoked_by: Ok(value.revoked_by),
                    scopes: Ok(value.scopes),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Order {
            cancel_reason: ::std::result::Result<
                ::std::option::Option<super::CancelReason>,
                ::std::string::String,
            >,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            expires_in_seconds: ::std::result::Result<u64, ::std::string::String>,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            status: ::std::result::Result<super::OrderStatus, ::std::string::String>,
            ticket: ::std::result::Result<super::OrderedTicket, ::std::string::String>,
            updated_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            user_id: ::std::result::Result<::std::string::String, ::std::string::String>,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Order {
            fn default() -> Self {
                Self {
                    cancel_reason: Ok(Default::default()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    expires_at: Err("no value supplied for expires_at".to_string()),
                    expires_in_seconds: Err(
                        "no value supplied for expires_in_seconds".to_string(),
                    ),
                    id: Err("no value supplied for id".to_string()),
                    status: Err("no value supplied for status".to_string()),
                    ticket: Err("no value supplied for ticket".to_string()),
                    updated_at: Err("no value supplied for updated_at".to_string()),
                    user_id: Err("no value supplied for user_id".to_string()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl Order {
            pub fn cancel_reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::CancelReason>>,
                T::Error: ::std::fmt::Display,
            {
                self.cancel_reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for cancel_reason: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn expires_in_seconds<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_in_seconds = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for expires_in_seconds: {e}"
                        )
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::OrderStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn ticket<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::OrderedTicket>,
                T::Error: ::std::fmt::Display,
            {
                self.ticket = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for ticket: {e}")
                    });
                self
            }
            pub fn updated_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.updated_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for updated_at: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Order> for super::Order {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Order,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    cancel_reason: value.cancel_reason?,
                    created_at: value.created_at?,
                    expires_at: value.expires_at?,
                    expires_in_seconds: value.expires_in_seconds?,
                    id: value.id?,
                    status: value.status?,
                    ticket: value.ticket?,
                    updated_at: value.updated_at?,
                    user_id: value.user_id?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Order> for Order {
            fn from(value: super::Order) -> Self {
                Self {
                    cancel_reason: Ok(value.cancel_reason),
                    created_at: Ok(value.created_at),
                    expires_at: Ok(value.expires_at),
                    expires_in_seconds: Ok(value.expires_in_seconds),
                    id: Ok(value.id),
                    status: Ok(value.status),
                    ticket: Ok(value.ticket),
                    updated_at: Ok(value.updated_at),
                    user_id: Ok(value.user_id),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct OrderInput {
            ticket_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for OrderInput {
            fn default() -> Self {
                Self {
                    ticket_id: Err("no value supplied for ticket_id".to_string()),
                }
            }
        }
        impl OrderInput {
            pub fn ticket_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.ticket_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for ticket_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<OrderInput> for super::OrderInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: OrderInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    ticket_id: value.ticket_id?,
                })
            }
        }
        impl ::std::convert::From<super::OrderInput> for OrderInput {
            fn from(value: super::OrderInput) -> Self {
                Self {
                    ticket_id: Ok(value.ticket_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct OrderTransition {
            actor: ::std::result::Result<super::TransitionActor, ::std::string::String>,
            at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            key_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            payment_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            reason: ::std::result::Result<
                super::TransitionReason,
                ::std::string::String,
            >,
            status: ::std::result::Result<super::OrderStatus, ::std::string::String>,
            user_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for OrderTransition {
            fn default() -> Self {
                Self {
                    actor: Err("no value supplied for actor".to_string()),
                    at: Err("no value supplied for at".to_string()),
                    key_id: Ok(Default::default()),
                    payment_id: Ok(Default::default()),
                    reason: Err("no value supplied for reason".to_string()),
                    status: Err("no value supplied for status".to_string()),
                    user_id: Ok(Default::default()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl OrderTransition {
            pub fn actor<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::TransitionActor>,
                T::Error: ::std::fmt::Display,
            {
                self.actor = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for actor: {e}")
                    });
                self
            }
            pub fn at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.at = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for at: {e}"));
                self
            }
            pub fn key_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.key_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for key_id: {e}")
                    });
                self
            }
            pub fn payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for payment_id: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::TransitionReason>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::OrderStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<OrderTransition> for super::OrderTransition {
            type Error = super::error::ConversionError;
            fn try_from(
                value: OrderTransition,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    actor: value.actor?,
                    at: value.at?,
                    key_id: value.key_id?,
                    payment_id: value.payment_id?,
                    reason: value.reason?,
                    status: value.status?,
                    user_id: value.user_id?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::OrderTransition> for OrderTransition {
            fn from(value: super::OrderTransition) -> Self {
                Self {
                    actor: Ok(value.actor),
                    at: Ok(value.at),
                    key_id: Ok(value.key_id),
                    payment_id: Ok(value.payment_id),
                    reason: Ok(value.reason),
                    status: Ok(value.status),
                    user_id: Ok(value.user_id),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct OrderedTicket {
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            price: ::std::result::Result<f64, ::std::string::String>,
            starts_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            title: ::std::result::Result<::std::string::String, ::std::string::String>,
            user_id: ::std::result::Result<::std::string::String, ::std::string::String>,
            venue: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for OrderedTicket {
            fn default() -> Self {
                Self {
                    currency: Err("no value supplied for currency".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    price: Err("no value supplied for price".to_string()),
                    starts_at: Ok(Default::default()),
                    title: Err("no value supplied for title".to_string()),
                    user_id: Err("no value supplied for user_id".to_string()),
                    venue: Ok(Default::default()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl OrderedTicket {
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.price = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for price: {e}")
                    });
                self
            }
            pub fn starts_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.starts_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for starts_at: {e}")
                    });
                self
            }
            pub fn title<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.title = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for title: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
            pub fn venue<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.venue = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for venue: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<OrderedTicket> for super::OrderedTicket {
            type Error = super::error::ConversionError;
            fn try_from(
                value: OrderedTicket,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    currency: value.currency?,
                    id: value.id?,
                    price: value.price?,
                    starts_at: value.starts_at?,
                    title: value.title?,
                    user_id: value.user_id?,
                    venue: value.venue?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::OrderedTicket> for OrderedTicket {
            fn from(value: super::OrderedTicket) -> Self {
                Self {
                    currency: Ok(value.currency),
                    id: Ok(value.id),
                    price: Ok(value.price),
                    starts_at: Ok(value.starts_at),
                    title: Ok(value.title),
                    user_id: Ok(value.user_id),
                    venue: Ok(value.venue),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct ParkedEvent {
            attempts: ::std::result::Result<u32, ::std::string::String>,
            event: ::std::result::Result<super::Event, ::std::string::String>,
            parked_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            reason: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for ParkedEvent {
            fn default() -> Self {
                Self {
                    attempts: Err("no value supplied for attempts".to_string()),
                    event: Err("no value supplied for event".to_string()),
                    parked_at: Err("no value supplied for parked_at".to_string()),
                    reason: Err("no value supplied for reason".to_string()),
                }
            }
        }
        impl ParkedEvent {
            pub fn attempts<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.attempts = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attempts: {e}")
                    });
                self
            }
            pub fn event<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::Event>,
                T::Error: ::std::fmt::Display,
            {
                self.event = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event: {e}")
                    });
                self
            }
            pub fn parked_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.parked_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for parked_at: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<ParkedEvent> for super::ParkedEvent {
            type Error = super::error::ConversionError;
            fn try_from(
                value: ParkedEvent,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    attempts: value.attempts?,
                    event: value.event?,
                    parked_at: value.parked_at?,
                    reason: value.reason?,
                })
            }
        }
        impl ::std::convert::From<super::ParkedEvent> for ParkedEvent {
            fn from(value: super::ParkedEvent) -> Self {
                Self {
                    attempts: Ok(value.attempts),
                    event: Ok(value.event),
                    parked_at: Ok(value.parked_at),
                    reason: Ok(value.reason),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PasswordReset {
            new: ::std::result::Result<::std::string::String, ::std::string::String>,
            token: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for PasswordReset {
            fn default() -> Self {
                Self {
                    new: Err("no value supplied for new".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl PasswordReset {
            pub fn new<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.new = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for new: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PasswordReset> for super::PasswordReset {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PasswordReset,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    new: value.new?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::PasswordReset> for PasswordReset {
            fn from(value: super::PasswordReset) -> Self {
                Self {
                    new: Ok(value.new),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Payment {
            amount: ::std::result::Result<f64, ::std::string::String>,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            decline_code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            dispute: ::std::result::Result<
                ::std::option::Option<super::Dispute>,
                ::std::string::String,
            >,
            gateway_payment_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            next_action: ::std::result::Result<
                ::std::option::Option<super::NextAction>,
                ::std::string::String,
            >,
            order_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            refunded_amount: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            stage: ::std::result::Result<
                ::std::option::Option<super::PaymentStage>,
                ::std::string::String,
            >,
            status: ::std::result::Result<super::PaymentStatus, ::std::string::String>,
            updated_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Payment {
            fn default() -> Self {
                Self {
                    amount: Err("no value supplied for amount".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                    decline_code: Ok(Default::default()),
                    dispute: Ok(Default::default()),
                    gateway_payment_id: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    next_action: Ok(Default::default()),
                    order_id: Err("no value supplied for order_id".to_string()),
                    refunded_amount: Ok(Default::default()),
                    stage: Ok(Default::default()),
                    status: Err("no value supplied for status".to_string()),
                    updated_at: Err("no value supplied for updated_at".to_string()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl Payment {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
            pub fn decline_code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.decline_code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for decline_code: {e}")
                    });
                self
            }
            pub fn dispute<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::Dispute>>,
                T::Error: ::std::fmt::Display,
            {
                self.dispute = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for dispute: {e}")
                    });
                self
            }
            pub fn gateway_payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.gateway_payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for gateway_payment_id: {e}"
                        )
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn next_action<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::NextAction>>,
                T::Error: ::std::fmt::Display,
            {
                self.next_action = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for next_action: {e}")
                    });
                self
            }
            pub fn order_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.order_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for order_id: {e}")
                    });
                self
            }
            pub fn refunded_amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.refunded_amount = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for refunded_amount: {e}"
                        )
                    });
                self
            }
            pub fn stage<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<super::PaymentStage>>,
                T::Error: ::std::fmt::Display,
            {
                self.stage = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for stage: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::PaymentStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn updated_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.updated_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for updated_at: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Payment> for super::Payment {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Payment,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    created_at: value.created_at?,
                    currency: value.currency?,
                    decline_code: value.decline_code?,
                    dispute: value.dispute?,
                    gateway_payment_id: value.gateway_payment_id?,
                    id: value.id?,
                    next_action: value.next_action?,
                    order_id: value.order_id?,
                    refunded_amount: value.refunded_amount?,
                    stage: value.stage?,
                    status: value.status?,
                    updated_at: value.updated_at?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Payment> for Payment {
            fn from(value: super::Payment) -> Self {
                Self {
                    amount: Ok(value.amount),
                    created_at: Ok(value.created_at),
                    currency: Ok(value.currency),
                    decline_code: Ok(value.decline_code),
                    dispute: Ok(value.dispute),
                    gateway_payment_id: Ok(value.gateway_payment_id),
                    id: Ok(value.id),
                    next_action: Ok(value.next_action),
                    order_id: Ok(value.order_id),
                    refunded_amount: Ok(value.refunded_amount),
                    stage: Ok(value.stage),
                    status: Ok(value.status),
                    updated_at: Ok(value.updated_at),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentInput {
            order_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            token: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for PaymentInput {
            fn default() -> Self {
                Self {
                    order_id: Err("no value supplied for order_id".to_string()),
                    token: Err("no value supplied for token".to_string()),
                }
            }
        }
        impl PaymentInput {
            pub fn order_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.order_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for order_id: {e}")
                    });
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentInput> for super::PaymentInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    order_id: value.order_id?,
                    token: value.token?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentInput> for PaymentInput {
            fn from(value: super::PaymentInput) -> Self {
                Self {
                    order_id: Ok(value.order_id),
                    token: Ok(value.token),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct PaymentIntent {
            client_secret: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            payment_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            publishable_key: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for PaymentIntent {
            fn default() -> Self {
                Self {
                    client_secret: Err(
                        "no value supplied for client_secret".to_string(),
                    ),
                    payment_id: Err("no value supplied for payment_id".to_string()),
                    publishable_key: Err(
                        "no value supplied for publishable_key".to_string(),
                    ),
                }
            }
        }
        impl PaymentIntent {
            pub fn client_secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.client_secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for client_secret: {e}")
                    });
                self
            }
            pub fn payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for payment_id: {e}")
                    });
                self
            }
            pub fn publishable_key<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.publishable_key = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for publishable_key: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<PaymentIntent> for super::PaymentIntent {
            type Error = super::error::ConversionError;
            fn try_from(
                value: PaymentIntent,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    client_secret: value.client_secret?,
                    payment_id: value.payment_id?,
                    publishable_key: value.publishable_key?,
                })
            }
        }
        impl ::std::convert::From<super::PaymentIntent> for PaymentIntent {
            fn from(value: super::PaymentIntent) -> Self {
                Self {
                    client_secret: Ok(value.client_secret),
                    payment_id: Ok(value.payment_id),
                    publishable_key: Ok(value.publishable_key),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Problem {
            decline_code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            detail: ::std::result::Result<::std::string::String, ::std::string::String>,
            errors: ::std::result::Result<
                ::std::vec::Vec<super::Fault>,
                ::std::string::String,
            >,
            payment_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            request_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            status: ::std::result::Result<u16, ::std::string::String>,
            title: ::std::result::Result<::std::string::String, ::std::string::String>,
            type_: ::std::result::Result<super::ProblemType, ::std::string::String>,
        }
        impl ::std::default::Default for Problem {
            fn default() -> Self {
                Self {
                    decline_code: Ok(Default::default()),
                    detail: Err("no value supplied for detail".to_string()),
                    errors: Err("no value supplied for errors".to_string()),
                    payment_id: Ok(Default::default()),
                    request_id: Ok(Default::default()),
                    status: Err("no value supplied for status".to_string()),
                    title: Err("no value supplied for title".to_string()),
                    type_: Err("no value supplied for type_".to_string()),
                }
            }
        }
        impl Problem {
            pub fn decline_code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.decline_code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for decline_code: {e}")
                    });
                self
            }
            pub fn detail<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.detail = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for detail: {e}")
                    });
                self
            }
            pub fn errors<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::Fault>>,
                T::Error: ::std::fmt::Display,
            {
                self.errors = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for errors: {e}")
                    });
                self
            }
            pub fn payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for payment_id: {e}")
                    });
                self
            }
            pub fn request_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.request_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for request_id: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u16>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn title<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.title = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for title: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::ProblemType>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Problem> for super::Problem {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Problem,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    decline_code: value.decline_code?,
                    detail: value.detail?,
                    errors: value.errors?,
                    payment_id: value.payment_id?,
                    request_id: value.request_id?,
                    status: value.status?,
                    title: value.title?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::Problem> for Problem {
            fn from(value: super::Problem) -> Self {
                Self {
                    decline_code: Ok(value.decline_code),
                    detail: Ok(value.detail),
                    errors: Ok(value.errors),
                    payment_id: Ok(value.payment_id),
                    request_id: Ok(value.request_id),
                    status: Ok(value.status),
                    title: Ok(value.title),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RedriveInput {
            sequences: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RedriveInput {
            fn default() -> Self {
                Self {
                    sequences: Ok(Default::default()),
                }
            }
        }
        impl RedriveInput {
            pub fn sequences<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<::std::string::String>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.sequences = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for sequences: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RedriveInput> for super::RedriveInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RedriveInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    sequences: value.sequences?,
                })
            }
        }
        impl ::std::convert::From<super::RedriveInput> for RedriveInput {
            fn from(value: super::RedriveInput) -> Self {
                Self {
                    sequences: Ok(value.sequences),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Redriven {
            redriven: ::std::result::Result<u32, ::std::string::String>,
        }
        impl ::std::default::Default for Redriven {
            fn default() -> Self {
                Self {
                    redriven: Err("no value supplied for redriven".to_string()),
                }
            }
        }
        impl Redriven {
            pub fn redriven<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.redriven = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for redriven: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Redriven> for super::Redriven {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Redriven,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { redriven: value.redriven? })
            }
        }
        impl ::std::convert::From<super::Redriven> for Redriven {
            fn from(value: super::Redriven) -> Self {
                Self {
                    redriven: Ok(value.redriven),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Refund {
            actor: ::std::result::Result<super::RefundActor, ::std::string::String>,
            amount: ::std::result::Result<f64, ::std::string::String>,
            cause: ::std::result::Result<super::RefundCause, ::std::string::String>,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            failure_code: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            gateway_refund_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            key_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            payment_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            reason: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            retried_by_key_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            status: ::std::result::Result<super::RefundStatus, ::std::string::String>,
            tries: ::std::result::Result<u32, ::std::string::String>,
            updated_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            user_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Refund {
            fn default() -> Self {
                Self {
                    actor: Err("no value supplied for actor".to_string()),
                    amount: Err("no value supplied for amount".to_string()),
                    cause: Err("no value supplied for cause".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                    failure_code: Ok(Default::default()),
                    gateway_refund_id: Ok(Default::default()),
                    id: Err("no value supplied for id".to_string()),
                    key_id: Ok(Default::default()),
                    payment_id: Err("no value supplied for payment_id".to_string()),
                    reason: Ok(Default::default()),
                    retried_by_key_id: Ok(Default::default()),
                    status: Err("no value supplied for status".to_string()),
                    tries: Err("no value supplied for tries".to_string()),
                    updated_at: Err("no value supplied for updated_at".to_string()),
                    user_id: Ok(Default::default()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl Refund {
            pub fn actor<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::RefundActor>,
                T::Error: ::std::fmt::Display,
            {
                self.actor = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for actor: {e}")
                    });
                self
            }
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn cause<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::RefundCause>,
                T::Error: ::std::fmt::Display,
            {
                self.cause = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for cause: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
            pub fn failure_code<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.failure_code = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for failure_code: {e}")
                    });
                self
            }
            pub fn gateway_refund_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.gateway_refund_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for gateway_refund_id: {e}"
                        )
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn key_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.key_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for key_id: {e}")
                    });
                self
            }
            pub fn payment_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.payment_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for payment_id: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
            pub fn retried_by_key_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.retried_by_key_id = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for retried_by_key_id: {e}"
                        )
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::RefundStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn tries<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.tries = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for tries: {e}")
                    });
                self
            }
            pub fn updated_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.updated_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for updated_at: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Refund> for super::Refund {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Refund,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    actor: value.actor?,
                    amount: value.amount?,
                    cause: value.cause?,
                    created_at: value.created_at?,
                    currency: value.currency?,
                    failure_code: value.failure_code?,
                    gateway_refund_id: value.gateway_refund_id?,
                    id: value.id?,
                    key_id: value.key_id?,
                    payment_id: value.payment_id?,
                    reason: value.reason?,
                    retried_by_key_id: value.retried_by_key_id?,
                    status: value.status?,
                    tries: value.tries?,
                    updated_at: value.updated_at?,
                    user_id: value.user_id?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Refund> for Refund {
            fn from(value: super::Refund) -> Self {
                Self {
                    actor: Ok(value.actor),
                    amount: Ok(value.amount),
                    cause: Ok(value.cause),
                    created_at: Ok(value.created_at),
                    currency: Ok(value.currency),
                    failure_code: Ok(value.failure_code),
                    gateway_refund_id: Ok(value.gateway_refund_id),
                    id: Ok(value.id),
                    key_id: Ok(value.key_id),
                    payment_id: Ok(value.payment_id),
                    reason: Ok(value.reason),
                    retried_by_key_id: Ok(value.retried_by_key_id),
                    status: Ok(value.status),
                    tries: Ok(value.tries),
                    updated_at: Ok(value.updated_at),
                    user_id: Ok(value.user_id),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct RefundInput {
            amount: ::std::result::Result<
                ::std::option::Option<f64>,
                ::std::string::String,
            >,
            reason: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for RefundInput {
            fn default() -> Self {
                Self {
                    amount: Ok(Default::default()),
                    reason: Ok(Default::default()),
                }
            }
        }
        impl RefundInput {
            pub fn amount<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<f64>>,
                T::Error: ::std::fmt::Display,
            {
                self.amount = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for amount: {e}")
                    });
                self
            }
            pub fn reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.reason = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for reason: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<RefundInput> for super::RefundInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: RefundInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    amount: value.amount?,
                    reason: value.reason?,
                })
            }
        }
        impl ::std::convert::From<super::RefundInput> for RefundInput {
            fn from(value: super::RefundInput) -> Self {
                Self {
                    amount: Ok(value.amount),
                    reason: Ok(value.reason),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Reset {
            lease: ::std::result::Result<::std::string::String, ::std::string::String>,
            oldest: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for Reset {
            fn default() -> Self {
                Self {
                    lease: Err("no value supplied for lease".to_string()),
                    oldest: Err("no value supplied for oldest".to_string()),
                }
            }
        }
        impl Reset {
            pub fn lease<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.lease = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for lease: {e}")
                    });
                self
            }
            pub fn oldest<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.oldest = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for oldest: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Reset> for super::Reset {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Reset,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    lease: value.lease?,
                    oldest: value.oldest?,
                })
            }
        }
        impl ::std::convert::From<super::Reset> for Reset {
            fn from(value: super::Reset) -> Self {
                Self {
                    lease: Ok(value.lease),
                    oldest: Ok(value.oldest),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Session {
            client: ::std::result::Result<::std::string::String, ::std::string::String>,
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            is_current: ::std::result::Result<bool, ::std::string::String>,
        }
        impl ::std::default::Default for Session {
            fn default() -> Self {
                Self {
                    client: Err("no value supplied for client".to_string()),
                    created_at: Err("no value supplied for created_at".to_string()),
                    expires_at: Err("no value supplied for expires_at".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    is_current: Err("no value supplied for is_current".to_string()),
                }
            }
        }
        impl Session {
            pub fn client<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.client = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for client: {e}")
                    });
                self
            }
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for expires_at: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn is_current<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.is_current = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for is_current: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Session> for super::Session {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Session,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    client: value.client?,
                    created_at: value.created_at?,
                    expires_at: value.expires_at?,
                    id: value.id?,
                    is_current: value.is_current?,
                })
            }
        }
        impl ::std::convert::From<super::Session> for Session {
            fn from(value: super::Session) -> Self {
                Self {
                    client: Ok(value.client),
                    created_at: Ok(value.created_at),
                    expires_at: Ok(value.expires_at),
                    id: Ok(value.id),
                    is_current: Ok(value.is_current),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct SignedInUser {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            token: ::std::result::Result<::std::string::String, ::std::string::String>,
            token_expires_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for SignedInUser {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    token: Err("no value supplied for token".to_string()),
                    token_expires_at: Err(
                        "no value supplied for token_expires_at".to_string(),
                    ),
                }
            }
        }
        impl SignedInUser {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn token<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.token = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for token: {e}")
                    });
                self
            }
            pub fn token_expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.token_expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for token_expires_at: {e}"
                        )
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<SignedInUser> for super::SignedInUser {
            type Error = super::error::ConversionError;
            fn try_from(
                value: SignedInUser,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    id: value.id?,
                    token: value.token?,
                    token_expires_at: value.token_expires_at?,
                })
            }
        }
        impl ::std::convert::From<super::SignedInUser> for SignedInUser {
            fn from(value: super::SignedInUser) -> Self {
                Self {
                    email: Ok(value.email),
                    id: Ok(value.id),
                    token: Ok(value.token),
                    token_expires_at: Ok(value.token_expires_at),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Ticket {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            currency: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            order_id: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            price: ::std::result::Result<f64, ::std::string::String>,
            starts_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            status: ::std::result::Result<super::TicketStatus, ::std::string::String>,
            title: ::std::result::Result<::std::string::String, ::std::string::String>,
            updated_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            user_id: ::std::result::Result<::std::string::String, ::std::string::String>,
            venue: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            version: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Ticket {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    currency: Err("no value supplied for currency".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    order_id: Ok(Default::default()),
                    price: Err("no value supplied for price".to_string()),
                    starts_at: Ok(Default::default()),
                    status: Err("no value supplied for status".to_string()),
                    title: Err("no value supplied for title".to_string()),
                    updated_at: Err("no value supplied for updated_at".to_string()),
                    user_id: Err("no value supplied for user_id".to_string()),
                    venue: Ok(Default::default()),
                    version: Err("no value supplied for version".to_string()),
                }
            }
        }
        impl Ticket {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn currency<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.currency = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for currency: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn order_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.order_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for order_id: {e}")
                    });
                self
            }
            pub fn price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.price = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for price: {e}")
                    });
                self
            }
            pub fn starts_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.starts_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for starts_at: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::TicketStatus>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn title<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.title = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for title: {e}")
                    });
                self
            }
            pub fn updated_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.updated_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for updated_at: {e}")
                    });
                self
            }
            pub fn user_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.user_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for user_id: {e}")
                    });
                self
            }
            pub fn venue<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.venue = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for venue: {e}")
                    });
                self
            }
            pub fn version<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.version = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for version: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Ticket> for super::Ticket {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Ticket,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    currency: value.currency?,
                    id: value.id?,
                    order_id: value.order_id?,
                    price: value.price?,
                    starts_at: value.starts_at?,
                    status: value.status?,
                    title: value.title?,
                    updated_at: value.updated_at?,
                    user_id: value.user_id?,
                    venue: value.venue?,
                    version: value.version?,
                })
            }
        }
        impl ::std::convert::From<super::Ticket> for Ticket {
            fn from(value: super::Ticket) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    currency: Ok(value.currency),
                    id: Ok(value.id),
                    order_id: Ok(value.order_id),
                    price: Ok(value.price),
                    starts_at: Ok(value.starts_at),
                    status: Ok(value.status),
                    title: Ok(value.title),
                    updated_at: Ok(value.updated_at),
                    user_id: Ok(value.user_id),
                    venue: Ok(value.venue),
                    version: Ok(value.version),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct TicketInput {
            price: ::std::result::Result<f64, ::std::string::String>,
            starts_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            title: ::std::result::Result<::std::string::String, ::std::string::String>,
            venue: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for TicketInput {
            fn default() -> Self {
                Self {
                    price: Err("no value supplied for price".to_string()),
                    starts_at: Ok(Default::default()),
                    title: Err("no value supplied for title".to_string()),
                    venue: Ok(Default::default()),
                }
            }
        }
        impl TicketInput {
            pub fn price<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<f64>,
                T::Error: ::std::fmt::Display,
            {
                self.price = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for price: {e}")
                    });
                self
            }
            pub fn starts_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.starts_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for starts_at: {e}")
                    });
                self
            }
            pub fn title<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.title = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for title: {e}")
                    });
                self
            }
            pub fn venue<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.venue = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for venue: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<TicketInput> for super::TicketInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: TicketInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    price: value.price?,
                    starts_at: value.starts_at?,
                    title: value.title?,
                    venue: value.venue?,
                })
            }
        }
        impl ::std::convert::From<super::TicketInput> for TicketInput {
            fn from(value: super::TicketInput) -> Self {
                Self {
                    price: Ok(value.price),
                    starts_at: Ok(value.starts_at),
                    title: Ok(value.title),
                    venue: Ok(value.venue),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct User {
            email: ::std::result::Result<::std::string::String, ::std::string::String>,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for User {
            fn default() -> Self {
                Self {
                    email: Err("no value supplied for email".to_string()),
                    id: Err("no value supplied for id".to_string()),
                }
            }
        }
        impl User {
            pub fn email<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.email = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for email: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
        }
        impl ::std::convert::TryFrom<User> for super::User {
            type Error = super::error::ConversionError;
            fn try_from(
                value: User,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    email: value.email?,
                    id: value.id?,
                })
            }
        }
        impl ::std::convert::From<super::User> for User {
            fn from(value: super::User) -> Self {
                Self {
                    email: Ok(value.email),
                    id: Ok(value.id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct Webhook {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            disabled_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            disabled_reason: ::std::result::Result<
                ::std::option::Option<super::WebhookDisabledReason>,
                ::std::string::String,
            >,
            enabled: ::std::result::Result<bool, ::std::string::String>,
            failing_since: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            failures: ::std::result::Result<u32, ::std::string::String>,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            last_delivered_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            position: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            previous_secret_expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            resting_until: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            secret_created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            types: ::std::result::Result<
                ::std::vec::Vec<super::EventType>,
                ::std::string::String,
            >,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
            waiting: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for Webhook {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    disabled_at: Ok(Default::default()),
                    disabled_reason: Ok(Default::default()),
                    enabled: Err("no value supplied for enabled".to_string()),
                    failing_since: Ok(Default::default()),
                    failures: Err("no value supplied for failures".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    last_delivered_at: Ok(Default::default()),
                    position: Err("no value supplied for position".to_string()),
                    previous_secret_expires_at: Ok(Default::default()),
                    resting_until: Ok(Default::default()),
                    secret_created_at: Err(
                        "no value supplied for secret_created_at".to_string(),
                    ),
                    types: Err("no value supplied for types".to_string()),
                    url: Err("no value supplied for url".to_string()),
                    waiting: Err("no value supplied for waiting".to_string()),
                }
            }
        }
        impl Webhook {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn disabled_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.disabled_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for disabled_at: {e}")
                    });
                self
            }
            pub fn disabled_reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::WebhookDisabledReason>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.disabled_reason = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for disabled_reason: {e}"
                        )
                    });
                self
            }
            pub fn enabled<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.enabled = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for enabled: {e}")
                    });
                self
            }
            pub fn failing_since<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.failing_since = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for failing_since: {e}")
                    });
                self
            }
            pub fn failures<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.failures = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for failures: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn last_delivered_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.last_delivered_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for last_delivered_at: {e}"
                        )
                    });
                self
            }
            pub fn position<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.position = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for position: {e}")
                    });
                self
            }
            pub fn previous_secret_expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.previous_secret_expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for previous_secret_expires_at: {e}"
                        )
                    });
                self
            }
            pub fn resting_until<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.resting_until = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for resting_until: {e}")
                    });
                self
            }
            pub fn secret_created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.secret_created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for secret_created_at: {e}"
                        )
                    });
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::EventType>>,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
            pub fn waiting<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.waiting = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for waiting: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<Webhook> for super::Webhook {
            type Error = super::error::ConversionError;
            fn try_from(
                value: Webhook,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    disabled_at: value.disabled_at?,
                    disabled_reason: value.disabled_reason?,
                    enabled: value.enabled?,
                    failing_since: value.failing_since?,
                    failures: value.failures?,
                    id: value.id?,
                    last_delivered_at: value.last_delivered_at?,
                    position: value.position?,
                    previous_secret_expires_at: value.previous_secret_expires_at?,
                    resting_until: value.resting_until?,
                    secret_created_at: value.secret_created_at?,
                    types: value.types?,
                    url: value.url?,
                    waiting: value.waiting?,
                })
            }
        }
        impl ::std::convert::From<super::Webhook> for Webhook {
            fn from(value: super::Webhook) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    disabled_at: Ok(value.disabled_at),
                    disabled_reason: Ok(value.disabled_reason),
                    enabled: Ok(value.enabled),
                    failing_since: Ok(value.failing_since),
                    failures: Ok(value.failures),
                    id: Ok(value.id),
                    last_delivered_at: Ok(value.last_delivered_at),
                    position: Ok(value.position),
                    previous_secret_expires_at: Ok(value.previous_secret_expires_at),
                    resting_until: Ok(value.resting_until),
                    secret_created_at: Ok(value.secret_created_at),
                    types: Ok(value.types),
                    url: Ok(value.url),
                    waiting: Ok(value.waiting),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookAttempt {
            answer: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            attempt: ::std::result::Result<
                ::std::option::Option<u32>,
                ::std::string::String,
            >,
            duration_ms: ::std::result::Result<u64, ::std::string::String>,
            event_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            fault: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            forgotten_through: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            next_attempt_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            number: ::std::result::Result<u64, ::std::string::String>,
            outcome: ::std::result::Result<super::WebhookOutcome, ::std::string::String>,
            status: ::std::result::Result<
                ::std::option::Option<u32>,
                ::std::string::String,
            >,
            type_: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for WebhookAttempt {
            fn default() -> Self {
                Self {
                    answer: Ok(Default::default()),
                    at: Err("no value supplied for at".to_string()),
                    attempt: Ok(Default::default()),
                    duration_ms: Err("no value supplied for duration_ms".to_string()),
                    event_id: Err("no value supplied for event_id".to_string()),
                    fault: Ok(Default::default()),
                    forgotten_through: Ok(Default::default()),
                    next_attempt_at: Ok(Default::default()),
                    number: Err("no value supplied for number".to_string()),
                    outcome: Err("no value supplied for outcome".to_string()),
                    status: Ok(Default::default()),
                    type_: Ok(Default::default()),
                }
            }
        }
        impl WebhookAttempt {
            pub fn answer<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.answer = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for answer: {e}")
                    });
                self
            }
            pub fn at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.at = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for at: {e}"));
                self
            }
            pub fn attempt<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u32>>,
                T::Error: ::std::fmt::Display,
            {
                self.attempt = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for attempt: {e}")
                    });
                self
            }
            pub fn duration_ms<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.duration_ms = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for duration_ms: {e}")
                    });
                self
            }
            pub fn event_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.event_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event_id: {e}")
                    });
                self
            }
            pub fn fault<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.fault = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for fault: {e}")
                    });
                self
            }
            pub fn forgotten_through<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.forgotten_through = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for forgotten_through: {e}"
                        )
                    });
                self
            }
            pub fn next_attempt_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.next_attempt_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for next_attempt_at: {e}"
                        )
                    });
                self
            }
            pub fn number<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.number = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for number: {e}")
                    });
                self
            }
            pub fn outcome<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<super::WebhookOutcome>,
                T::Error: ::std::fmt::Display,
            {
                self.outcome = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for outcome: {e}")
                    });
                self
            }
            pub fn status<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<u32>>,
                T::Error: ::std::fmt::Display,
            {
                self.status = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for status: {e}")
                    });
                self
            }
            pub fn type_<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.type_ = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for type_: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookAttempt> for super::WebhookAttempt {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookAttempt,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    answer: value.answer?,
                    at: value.at?,
                    attempt: value.attempt?,
                    duration_ms: value.duration_ms?,
                    event_id: value.event_id?,
                    fault: value.fault?,
                    forgotten_through: value.forgotten_through?,
                    next_attempt_at: value.next_attempt_at?,
                    number: value.number?,
                    outcome: value.outcome?,
                    status: value.status?,
                    type_: value.type_?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookAttempt> for WebhookAttempt {
            fn from(value: super::WebhookAttempt) -> Self {
                Self {
                    answer: Ok(value.answer),
                    at: Ok(value.at),
                    attempt: Ok(value.attempt),
                    duration_ms: Ok(value.duration_ms),
                    event_id: Ok(value.event_id),
                    fault: Ok(value.fault),
                    forgotten_through: Ok(value.forgotten_through),
                    next_attempt_at: Ok(value.next_attempt_at),
                    number: Ok(value.number),
                    outcome: Ok(value.outcome),
                    status: Ok(value.status),
                    type_: Ok(value.type_),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookChange {
            enabled: ::std::result::Result<
                ::std::option::Option<bool>,
                ::std::string::String,
            >,
            types: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::EventType>>,
                ::std::string::String,
            >,
            url: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for WebhookChange {
            fn default() -> Self {
                Self {
                    enabled: Ok(Default::default()),
                    types: Ok(Default::default()),
                    url: Ok(Default::default()),
                }
            }
        }
        impl WebhookChange {
            pub fn enabled<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<bool>>,
                T::Error: ::std::fmt::Display,
            {
                self.enabled = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for enabled: {e}")
                    });
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::EventType>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookChange> for super::WebhookChange {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookChange,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    enabled: value.enabled?,
                    types: value.types?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookChange> for WebhookChange {
            fn from(value: super::WebhookChange) -> Self {
                Self {
                    enabled: Ok(value.enabled),
                    types: Ok(value.types),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookInput {
            types: ::std::result::Result<
                ::std::option::Option<::std::vec::Vec<super::EventType>>,
                ::std::string::String,
            >,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
        }
        impl ::std::default::Default for WebhookInput {
            fn default() -> Self {
                Self {
                    types: Ok(Default::default()),
                    url: Err("no value supplied for url".to_string()),
                }
            }
        }
        impl WebhookInput {
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::std::vec::Vec<super::EventType>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookInput> for super::WebhookInput {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookInput,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    types: value.types?,
                    url: value.url?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookInput> for WebhookInput {
            fn from(value: super::WebhookInput) -> Self {
                Self {
                    types: Ok(value.types),
                    url: Ok(value.url),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookResend {
            event: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
            from: ::std::result::Result<
                ::std::option::Option<::std::string::String>,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for WebhookResend {
            fn default() -> Self {
                Self {
                    event: Ok(Default::default()),
                    from: Ok(Default::default()),
                }
            }
        }
        impl WebhookResend {
            pub fn event<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.event = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event: {e}")
                    });
                self
            }
            pub fn from<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::option::Option<::std::string::String>>,
                T::Error: ::std::fmt::Display,
            {
                self.from = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for from: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookResend> for super::WebhookResend {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookResend,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    event: value.event?,
                    from: value.from?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookResend> for WebhookResend {
            fn from(value: super::WebhookResend) -> Self {
                Self {
                    event: Ok(value.event),
                    from: Ok(value.from),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookTest {
            event_id: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
        }
        impl ::std::default::Default for WebhookTest {
            fn default() -> Self {
                Self {
                    event_id: Err("no value supplied for event_id".to_string()),
                }
            }
        }
        impl WebhookTest {
            pub fn event_id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.event_id = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for event_id: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookTest> for super::WebhookTest {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookTest,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self { event_id: value.event_id? })
            }
        }
        impl ::std::convert::From<super::WebhookTest> for WebhookTest {
            fn from(value: super::WebhookTest) -> Self {
                Self {
                    event_id: Ok(value.event_id),
                }
            }
        }
        #[derive(Clone, Debug)]
        pub struct WebhookWithSecret {
            created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            disabled_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            disabled_reason: ::std::result::Result<
                ::std::option::Option<super::WebhookDisabledReason>,
                ::std::string::String,
            >,
            enabled: ::std::result::Result<bool, ::std::string::String>,
            failing_since: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            failures: ::std::result::Result<u32, ::std::string::String>,
            id: ::std::result::Result<::std::string::String, ::std::string::String>,
            last_delivered_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            position: ::std::result::Result<
                ::std::string::String,
                ::std::string::String,
            >,
            previous_secret_expires_at: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            resting_until: ::std::result::Result<
                ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                ::std::string::String,
            >,
            secret: ::std::result::Result<::std::string::String, ::std::string::String>,
            secret_created_at: ::std::result::Result<
                ::chrono::DateTime<::chrono::offset::Utc>,
                ::std::string::String,
            >,
            types: ::std::result::Result<
                ::std::vec::Vec<super::EventType>,
                ::std::string::String,
            >,
            url: ::std::result::Result<::std::string::String, ::std::string::String>,
            waiting: ::std::result::Result<u64, ::std::string::String>,
        }
        impl ::std::default::Default for WebhookWithSecret {
            fn default() -> Self {
                Self {
                    created_at: Err("no value supplied for created_at".to_string()),
                    disabled_at: Ok(Default::default()),
                    disabled_reason: Ok(Default::default()),
                    enabled: Err("no value supplied for enabled".to_string()),
                    failing_since: Ok(Default::default()),
                    failures: Err("no value supplied for failures".to_string()),
                    id: Err("no value supplied for id".to_string()),
                    last_delivered_at: Ok(Default::default()),
                    position: Err("no value supplied for position".to_string()),
                    previous_secret_expires_at: Ok(Default::default()),
                    resting_until: Ok(Default::default()),
                    secret: Err("no value supplied for secret".to_string()),
                    secret_created_at: Err(
                        "no value supplied for secret_created_at".to_string(),
                    ),
                    types: Err("no value supplied for types".to_string()),
                    url: Err("no value supplied for url".to_string()),
                    waiting: Err("no value supplied for waiting".to_string()),
                }
            }
        }
        impl WebhookWithSecret {
            pub fn created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for created_at: {e}")
                    });
                self
            }
            pub fn disabled_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.disabled_at = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for disabled_at: {e}")
                    });
                self
            }
            pub fn disabled_reason<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<super::WebhookDisabledReason>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.disabled_reason = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for disabled_reason: {e}"
                        )
                    });
                self
            }
            pub fn enabled<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<bool>,
                T::Error: ::std::fmt::Display,
            {
                self.enabled = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for enabled: {e}")
                    });
                self
            }
            pub fn failing_since<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.failing_since = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for failing_since: {e}")
                    });
                self
            }
            pub fn failures<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u32>,
                T::Error: ::std::fmt::Display,
            {
                self.failures = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for failures: {e}")
                    });
                self
            }
            pub fn id<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.id = value
                    .try_into()
                    .map_err(|e| format!("error converting supplied value for id: {e}"));
                self
            }
            pub fn last_delivered_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.last_delivered_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for last_delivered_at: {e}"
                        )
                    });
                self
            }
            pub fn position<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.position = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for position: {e}")
                    });
                self
            }
            pub fn previous_secret_expires_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.previous_secret_expires_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for previous_secret_expires_at: {e}"
                        )
                    });
                self
            }
            pub fn resting_until<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<
                    ::std::option::Option<::chrono::DateTime<::chrono::offset::Utc>>,
                >,
                T::Error: ::std::fmt::Display,
            {
                self.resting_until = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for resting_until: {e}")
                    });
                self
            }
            pub fn secret<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.secret = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for secret: {e}")
                    });
                self
            }
            pub fn secret_created_at<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::chrono::DateTime<::chrono::offset::Utc>>,
                T::Error: ::std::fmt::Display,
            {
                self.secret_created_at = value
                    .try_into()
                    .map_err(|e| {
                        format!(
                            "error converting supplied value for secret_created_at: {e}"
                        )
                    });
                self
            }
            pub fn types<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::vec::Vec<super::EventType>>,
                T::Error: ::std::fmt::Display,
            {
                self.types = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for types: {e}")
                    });
                self
            }
            pub fn url<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<::std::string::String>,
                T::Error: ::std::fmt::Display,
            {
                self.url = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for url: {e}")
                    });
                self
            }
            pub fn waiting<T>(mut self, value: T) -> Self
            where
                T: ::std::convert::TryInto<u64>,
                T::Error: ::std::fmt::Display,
            {
                self.waiting = value
                    .try_into()
                    .map_err(|e| {
                        format!("error converting supplied value for waiting: {e}")
                    });
                self
            }
        }
        impl ::std::convert::TryFrom<WebhookWithSecret> for super::WebhookWithSecret {
            type Error = super::error::ConversionError;
            fn try_from(
                value: WebhookWithSecret,
            ) -> ::std::result::Result<Self, super::error::ConversionError> {
                Ok(Self {
                    created_at: value.created_at?,
                    disabled_at: value.disabled_at?,
                    disabled_reason: value.disabled_reason?,
                    enabled: value.enabled?,
                    failing_since: value.failing_since?,
                    failures: value.failures?,
                    id: value.id?,
                    last_delivered_at: value.last_delivered_at?,
                    position: value.position?,
                    previous_secret_expires_at: value.previous_secret_expires_at?,
                    resting_until: value.resting_until?,
                    secret: value.secret?,
                    secret_created_at: value.secret_created_at?,
                    types: value.types?,
                    url: value.url?,
                    waiting: value.waiting?,
                })
            }
        }
        impl ::std::convert::From<super::WebhookWithSecret> for WebhookWithSecret {
            fn from(value: super::WebhookWithSecret) -> Self {
                Self {
                    created_at: Ok(value.created_at),
                    disabled_at: Ok(value.disabled_at),
                    disabled_reason: Ok(value.disabled_reason),
                    enabled: Ok(value.enabled),
                    failing_since: Ok(value.failing_since),
                    failures: Ok(value.failures),
                    id: Ok(value.id),
                    last_delivered_at: Ok(value.last_delivered_at),
                    position: Ok(value.position),
                    previous_secret_expires_at: Ok(value.previous_secret_expires_at),
                    resting_until: Ok(value.resting_until),
                    secret: Ok(value.secret),
                    secret_created_at: Ok(value.secret_created_at),
                    types: Ok(value.types),
                    url: Ok(value.url),
                    waiting: Ok(value.waiting),
                }
            }
        }
    }
    /// Error types.
    pub mod error {
        /// Error from a `TryFrom` or `FromStr` implementation.
        pub struct ConversionError(::std::borrow::Cow<'static, str>);
        impl ::std::error::Error for ConversionError {}
        impl ::std::fmt::Display for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Display::fmt(&self.0, f)
            }
        }
        impl ::std::fmt::Debug for ConversionError {
            fn fmt(
                &self,
                f: &mut ::std::fmt::Formatter<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Debug::fmt(&self.0, f)
            }
        }
        impl From<&'static str> for ConversionError {
            fn from(value: &'static str) -> Self {
                Self(value.into())
            }
        }
        impl From<String> for ConversionError {
            fn from(value: String) -> Self {
                Self(value.into())
            }
        }
    }
}
#[derive(Clone, Debug)]
/**Client for Boxoffice

Sells tickets for popular shows. People post tickets; others reserve one and have some minutes to pay; what isn't paid goes back on sale.

Sign up or in, and send the `token` as `Authorization: Bearer …`. Send an `Idempotency-Key` with every POST that creates something, and the same one again after a time-out or a 503: it happens once. Operators send a key (`bxk_…`) in place of the token; its scopes say what they may do and see.

Every answer has a `Consistency-Token`, refusals included. Bring the latest one back, and you are shown what you did and saw before, whichever replica you ask; one that is not as far within 2 seconds answers 503, and nothing happened. Who signs in by cookie has the token as a cookie too.

Lists come in pages: follow the `Link` with `rel="next"` until there is none. Ids, cursors, leases and tokens are opaque: bring them back as they came.

Errors are `application/problem+json` (RFC 9457); their `type` tells every case apart. Whatever is asked for, a head that HTTP forbids is answered 400, and a body that takes too long or is too large 408 or 413. Only what cannot be read as an HTTP request at all, or has too long a head, gets a bare 400 or 431.

Later versions may add members to answers, values to what is listed, and types of problems: ignore what you do not know. Members of bodies and parameters that are not described here are ignored.

Version: 0.1.0*/
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    pub(crate) inner: crate::transport::Transport,
}
impl Client {
    /// Create a new client.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new(baseurl: &str, inner: crate::transport::Transport) -> Self {
        #[cfg(not(target_arch = "wasm32"))]
        let client = {
            let dur = ::std::time::Duration::from_secs(15u64);
            reqwest::ClientBuilder::new().connect_timeout(dur).timeout(dur)
        };
        #[cfg(target_arch = "wasm32")]
        let client = reqwest::ClientBuilder::new();
        Self::new_with_client(baseurl, client.build().unwrap(), inner)
    }
    /// Construct a new client with an existing `reqwest::Client`,
    /// allowing more control over its configuration.
    ///
    /// `baseurl` is the base URL provided to the internal
    /// `reqwest::Client`, and should include a scheme and hostname,
    /// as well as port and a path stem if applicable.
    pub fn new_with_client(
        baseurl: &str,
        client: reqwest::Client,
        inner: crate::transport::Transport,
    ) -> Self {
        Self {
            baseurl: baseurl.to_string(),
            client,
            inner,
        }
    }
}
impl ClientInfo<crate::transport::Transport> for Client {
    fn api_version() -> &'static str {
        "0.1.0"
    }
    fn baseurl(&self) -> &str {
        self.baseurl.as_str()
    }
    fn client(&self) -> &reqwest::Client {
        &self.client
    }
    fn inner(&self) -> &crate::transport::Transport {
        &self.inner
    }
}
impl ClientHooks<crate::transport::Transport> for &Client {}
impl Client {
    /**Sign up

Makes an account and signs it in.

Sends a `POST` request to `/api/users/signup`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.sign_up()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn sign_up(&self) -> builder::SignUp<'_> {
        builder::SignUp::new(self)
    }
    /**Who am I

Nobody, without a credential or with one that is not good; an operator's key is nobody's account.

Sends a `GET` request to `/api/users/currentuser`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.current_user()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn current_user(&self) -> builder::CurrentUser<'_> {
        builder::CurrentUser::new(self)
    }
    /**Delete my account

Removes the personal data, ends all sessions, and takes what is still on sale off it.

Sends a `DELETE` request to `/api/users/me`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.delete_account()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn delete_account(&self) -> builder::DeleteAccount<'_> {
        builder::DeleteAccount::new(self)
    }
    /**Sign in

Opens one more session. An unknown address and a wrong password get the same answer.

Sends a `POST` request to `/api/users/signin`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.sign_in()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn sign_in(&self) -> builder::SignIn<'_> {
        builder::SignIn::new(self)
    }
    /**Sign out

Ends the session that the request came with, if it came with one, and clears the cookie.

Sends a `POST` request to `/api/users/signout`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.sign_out()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn sign_out(&self) -> builder::SignOut<'_> {
        builder::SignOut::new(self)
    }
    /**List my sessions

The devices and programs that are signed in, newest first.

Sends a `GET` request to `/api/users/sessions`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_sessions()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_sessions(&self) -> builder::ListSessions<'_> {
        builder::ListSessions::new(self)
    }
    /**End one of my sessions

Its token counts for nothing from then on; it may be the one that asks.

Sends a `DELETE` request to `/api/users/sessions/{id}`

Arguments:
- `id`: The session's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.end_session()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn end_session(&self) -> builder::EndSession<'_> {
        builder::EndSession::new(self)
    }
    /**Change my password

Ends all other sessions.

Sends a `POST` request to `/api/users/password`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.change_password()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn change_password(&self) -> builder::ChangePassword<'_> {
        builder::ChangePassword::new(self)
    }
    /**Reset a forgotten password

With the one-time token that an operator gave out. Ends all sessions.

Sends a `POST` request to `/api/users/password/reset`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.reset_password()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn reset_password(&self) -> builder::ResetPassword<'_> {
        builder::ResetPassword::new(self)
    }
    /**List the tickets on sale

A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.

Sends a `GET` request to `/api/tickets`

Arguments:
- `cursor`: Where the page before this one ended: from its `Link`
- `keyword`: Words that the title must all have, or beginnings of them; case and accents do not count. At most 32
words; without a letter or a digit it is refused, and blank it is no filter
- `limit`: How many at most; 20 unless said otherwise
- `max_price`: The greatest price, inclusive; with two decimals at most
- `min_price`: The least price, inclusive; with two decimals at most
- `seller`: Tickets of this user only
- `sort`: `newest` unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_tickets()
    .cursor(cursor)
    .keyword(keyword)
    .limit(limit)
    .max_price(max_price)
    .min_price(min_price)
    .seller(seller)
    .sort(sort)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_tickets(&self) -> builder::ListTickets<'_> {
        builder::ListTickets::new(self)
    }
    /**Post a ticket

With a `startsAt` in the past it is accepted and `available`, but neither listed nor orderable until its
seller sets a later one.

Sends a `POST` request to `/api/tickets`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `idempotency_key`: The client's own name for this intent: asking again with it does nothing twice
- `body`
```ignore
let response = client.create_ticket()
    .consistency(consistency)
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_ticket(&self) -> builder::CreateTicket<'_> {
        builder::CreateTicket::new(self)
    }
    /**Show a ticket

Whoever asks, and whether it is on sale or not.

Sends a `GET` request to `/api/tickets/{id}`

Arguments:
- `id`: The ticket's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_ticket()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_ticket(&self) -> builder::GetTicket<'_> {
        builder::GetTicket::new(self)
    }
    /**Replace what a ticket says

By its seller, while no order holds it: what the body leaves out the ticket has no longer.

Sends a `PUT` request to `/api/tickets/{id}`

Arguments:
- `id`: The ticket's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `if_match`: The version (ETag) that the change is meant for
- `body`
```ignore
let response = client.replace_ticket()
    .id(id)
    .consistency(consistency)
    .if_match(if_match)
    .body(body)
    .send()
    .await;
```*/
    pub fn replace_ticket(&self) -> builder::ReplaceTicket<'_> {
        builder::ReplaceTicket::new(self)
    }
    /**Withdraw a ticket

By its seller, while no order holds it. It is gone for good.

Sends a `DELETE` request to `/api/tickets/{id}`

Arguments:
- `id`: The ticket's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `if_match`: The version (ETag) that is meant
```ignore
let response = client.delete_ticket()
    .id(id)
    .consistency(consistency)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn delete_ticket(&self) -> builder::DeleteTicket<'_> {
        builder::DeleteTicket::new(self)
    }
    /**Take a ticket off sale

By its seller, while no order holds it. A frozen ticket stays as it is.

Sends a `POST` request to `/api/tickets/{id}/freeze`

Arguments:
- `id`: The ticket's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `if_match`: The version (ETag) that is meant
```ignore
let response = client.freeze_ticket()
    .id(id)
    .consistency(consistency)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn freeze_ticket(&self) -> builder::FreezeTicket<'_> {
        builder::FreezeTicket::new(self)
    }
    /**Put a ticket back on sale

By its seller. A ticket that is not frozen stays as it is.

Sends a `POST` request to `/api/tickets/{id}/unfreeze`

Arguments:
- `id`: The ticket's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `if_match`: The version (ETag) that is meant
```ignore
let response = client.unfreeze_ticket()
    .id(id)
    .consistency(consistency)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn unfreeze_ticket(&self) -> builder::UnfreezeTicket<'_> {
        builder::UnfreezeTicket::new(self)
    }
    /**List my orders, oldest first

A page may hold fewer than `limit` although more follow: `Link` says whether there is a next page.

Sends a `GET` request to `/api/orders`

Arguments:
- `cursor`: Where the page before this one ended: from its `Link`
- `limit`: How many at most; 20 unless said otherwise
- `status`: Orders with this status only
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_orders()
    .cursor(cursor)
    .limit(limit)
    .status(status)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_orders(&self) -> builder::ListOrders<'_> {
        builder::ListOrders::new(self)
    }
    /**Reserve a ticket

The price is locked. What is not paid by `expiresAt` goes back on sale.

Sends a `POST` request to `/api/orders`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `idempotency_key`: The client's own name for this intent: asking again with it does nothing twice
- `body`
```ignore
let response = client.create_order()
    .consistency(consistency)
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_order(&self) -> builder::CreateOrder<'_> {
        builder::CreateOrder::new(self)
    }
    /**Show one of my orders

Anybody's with an operator's key that has the scope `orders:read`.

Sends a `GET` request to `/api/orders/{id}`

Arguments:
- `id`: The order's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_order()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_order(&self) -> builder::GetOrder<'_> {
        builder::GetOrder::new(self)
    }
    /**Cancel one of my orders

The ticket goes back on sale. Cancelling a cancelled order changes nothing. If a payment is under way that waits for
the buyer, it is given up first: 202 if the gateway has not said in time that no money moves, and then the order is
cancelled once it does; 409 of the type `/problems/order-paid` if the money had moved before.

Sends a `DELETE` request to `/api/orders/{id}`

Arguments:
- `id`: The order's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `if_match`: The version (ETag) that is meant
```ignore
let response = client.cancel_order()
    .id(id)
    .consistency(consistency)
    .if_match(if_match)
    .send()
    .await;
```*/
    pub fn cancel_order(&self) -> builder::CancelOrder<'_> {
        builder::CancelOrder::new(self)
    }
    /**Show how one of my orders came to be what it is, oldest transition first

Of an order that is older than this service keeps histories, there are its beginning, what was kept since, and
its latest transition. Anybody's with an operator's key that has the scope `orders:read`.

Sends a `GET` request to `/api/orders/{id}/history`

Arguments:
- `id`: The order's id
- `cursor`: Where the page before this one ended: from its `Link`
- `limit`: How many at most; 20 unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_order_history()
    .id(id)
    .cursor(cursor)
    .limit(limit)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_order_history(&self) -> builder::GetOrderHistory<'_> {
        builder::GetOrderHistory::new(self)
    }
    /**List the attempts to pay for an order, oldest first

For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read`. Of an order
that is older than this service keeps histories, only the latest attempt.

Sends a `GET` request to `/api/orders/{id}/payments`

Arguments:
- `id`: The order's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_order_payments()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_order_payments(&self) -> builder::ListOrderPayments<'_> {
        builder::ListOrderPayments::new(self)
    }
    /**Pay for an order in a browser

Begins a payment that the buyer confirms in their browser with the `clientSecret`. It holds the order like any
other; asking again while it is under way gives the same one. Look at the payment for what becomes of it. A
decline ends it, and the next one begins anew. Not every gateway can: the sandbox answers 409 of the type
`/problems/no-browser-payments`.

Sends a `POST` request to `/api/orders/{id}/payment-intent`

Arguments:
- `id`: The order's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `idempotency_key`: The client's own name for this intent: asking again with it begins nothing twice
```ignore
let response = client.create_payment_intent()
    .id(id)
    .consistency(consistency)
    .idempotency_key(idempotency_key)
    .send()
    .await;
```*/
    pub fn create_payment_intent(&self) -> builder::CreatePaymentIntent<'_> {
        builder::CreatePaymentIntent::new(self)
    }
    /**List my payments, oldest first

Every attempt to pay for one of my orders, whatever came of it.

Sends a `GET` request to `/api/payments`

Arguments:
- `cursor`: Where the page before this one ended: from its `Link`
- `limit`: How many at most; 20 unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_payments()
    .cursor(cursor)
    .limit(limit)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_payments(&self) -> builder::ListPayments<'_> {
        builder::ListPayments::new(self)
    }
    /**Pay for an order

Waits up to 10 seconds for the gateway. If the buyer has to do something first, such as prove who they are to
their bank, the payment stays `processing` and its `nextAction` says what. A decline (402) leaves the order open until its deadline; its
problem has the `declineCode` and the `paymentId`. A charge that comes to pass only after the order was
released is refunded: 409 of the type `/problems/payment-refunded`, with the `paymentId`. A payment under way in
a browser makes way for this one: it is given up first, unless its money has moved. Whose cards are declined again
and again is answered 429 for a while.

Sends a `POST` request to `/api/payments`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `idempotency_key`: The client's own name for this intent: asking again with it charges nothing twice
- `body`
```ignore
let response = client.create_payment()
    .consistency(consistency)
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_payment(&self) -> builder::CreatePayment<'_> {
        builder::CreatePayment::new(self)
    }
    /**Show a payment

To its buyer and the ticket's seller, and anybody's with an operator's key that has the scope `payments:read`. What
the buyer has to do next is shown to them alone, and why a card was declined not to the seller.

Sends a `GET` request to `/api/payments/{id}`

Arguments:
- `id`: The payment's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_payment()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_payment(&self) -> builder::GetPayment<'_> {
        builder::GetPayment::new(self)
    }
    /**List the refunds of a payment, oldest first

For its buyer and the ticket's seller, and with an operator's key that has the scope `payments:read` or `refunds`.

Sends a `GET` request to `/api/payments/{id}/refunds`

Arguments:
- `id`: The payment's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_refunds()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_refunds(&self) -> builder::ListRefunds<'_> {
        builder::ListRefunds::new(self)
    }
    /**Give back what was paid, whole or in part

By the ticket's seller, or with an operator's key that has the scope `refunds`. All refunds of a payment together,
pending ones included, come to no more than was paid. Waits up to 10 seconds for the gateway. Once all went
back the order is `cancelled` with the reason `refunded`, and the ticket `frozen`: its seller may unfreeze it. A
part leaves the order `complete`.

Sends a `POST` request to `/api/payments/{id}/refunds`

Arguments:
- `id`: The payment's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `idempotency_key`: The client's own name for this intent: asking again with it gives back nothing twice
- `body`
```ignore
let response = client.create_refund()
    .id(id)
    .consistency(consistency)
    .idempotency_key(idempotency_key)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_refund(&self) -> builder::CreateRefund<'_> {
        builder::CreateRefund::new(self)
    }
    /**Show a refund

To whom the payment's refunds are listed.

Sends a `GET` request to `/api/payments/{id}/refunds/{refund_id}`

Arguments:
- `id`: The payment's id
- `refund_id`: The refund's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_refund()
    .id(id)
    .refund_id(refund_id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_refund(&self) -> builder::GetRefund<'_> {
        builder::GetRefund::new(self)
    }
    /**Have a refund that failed tried again

With an operator's key that has the scope `refunds`. A refund that is pending or has succeeded stays as it is.

Sends a `POST` request to `/api/payments/{id}/refunds/{refund_id}/retry`

Arguments:
- `id`: The payment's id
- `refund_id`: The refund's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.retry_refund()
    .id(id)
    .refund_id(refund_id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn retry_refund(&self) -> builder::RetryRefund<'_> {
        builder::RetryRefund::new(self)
    }
    /**Follow what happens

Events of tickets are for anybody; a user is also shown those of their own orders and payments, an operator's key
with the scope `events:read` all. Each version of a ticket, an order or a payment is one event: who follows all
types and finds another `version` than the last one and one has missed an event.

The stream is one of server-sent events (`text/event-stream`), which browsers read with `EventSource`. It begins
with the oldest event that is kept, goes on for as long as the client stays, and has a comment every 15 seconds.
Where it breaks off, `Last-Event-ID` resumes it, on another replica as well, without a gap or a repetition. A
position that is older than what is kept, or of before a restore, gets an event named `reset` first, whose data
has the id of the `oldest` one that is kept, where the stream then goes on. The stream ends when the session or
key does, when the replica stops, or when the client is too slow to take what there is.

With `Accept: application/json` there are pages of events instead; `Last-Event-ID` says how far one of them looked,
and `Link` leads to the next one if there is more to look at. A position that is too old is refused with 410.

Sends a `GET` request to `/api/events`

Arguments:
- `after`: The same as `Last-Event-ID`; `now` for what happens from now on
- `limit`: How many at most, of a page; 20 unless said otherwise
- `subject`: Events about this ticket, order or payment only
- `types`: Events of these types only, separated by commas
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_events()
    .after(after)
    .limit(limit)
    .subject(subject)
    .types(types)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_events(&self) -> builder::ListEvents<'_> {
        builder::ListEvents::new(self)
    }
    /**List my endpoints

Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
endpoints.

Sends a `GET` request to `/api/webhooks`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_webhooks()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_webhooks(&self) -> builder::ListWebhooks<'_> {
        builder::ListWebhooks::new(self)
    }
    /**Be told of events

Of those that you may see: of tickets, and of your own orders and payments; of all with an operator's key that has
the scope `events:read`. Each is POSTed as a CloudEvent, signed after Standard Webhooks, until it is answered 2xx
within 10 seconds: at least once, and for three days at most. The secret is in this answer and nowhere else, so that
there is no idempotency key: whoever lost the answer deletes the endpoint and makes another.

Sends a `POST` request to `/api/webhooks`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.create_webhook()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_webhook(&self) -> builder::CreateWebhook<'_> {
        builder::CreateWebhook::new(self)
    }
    /**Show one of my endpoints

And how it fares: what waits for it, and since when it fails if it does.

Sends a `GET` request to `/api/webhooks/{id}`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_webhook()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_webhook(&self) -> builder::GetWebhook<'_> {
        builder::GetWebhook::new(self)
    }
    /**Remove one of my endpoints

With all that waits for it, and its attempts.

Sends a `DELETE` request to `/api/webhooks/{id}`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.delete_webhook()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn delete_webhook(&self) -> builder::DeleteWebhook<'_> {
        builder::DeleteWebhook::new(self)
    }
    /**Change one of my endpoints

Whoever gives it another URL, or enables it, has what waits tried at once.

Sends a `PATCH` request to `/api/webhooks/{id}`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.update_webhook()
    .id(id)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn update_webhook(&self) -> builder::UpdateWebhook<'_> {
        builder::UpdateWebhook::new(self)
    }
    /**Replace an endpoint's secret

For a day messages are signed with both. The new secret is in this answer and nowhere else; whoever lost it replaces
it once more, and the one before the last counts no longer then.

Sends a `POST` request to `/api/webhooks/{id}/rotate-secret`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.rotate_webhook_secret()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn rotate_webhook_secret(&self) -> builder::RotateWebhookSecret<'_> {
        builder::RotateWebhookSecret::new(self)
    }
    /**List the latest attempts to send something to an endpoint, newest first

The newest hundred are kept.

Sends a `GET` request to `/api/webhooks/{id}/attempts`

Arguments:
- `id`: The endpoint's id
- `cursor`: Where the page before this one ended: from its `Link`
- `limit`: How many at most; 20 unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_webhook_attempts()
    .id(id)
    .cursor(cursor)
    .limit(limit)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_webhook_attempts(&self) -> builder::ListWebhookAttempts<'_> {
        builder::ListWebhookAttempts::new(self)
    }
    /**Send events to an endpoint once more

One by its id, or all from a time or an event on, as far as they are kept. What is sent again has the id that it had.
If an event before those is not dealt with yet, all that follow it are sent again, delivered or not.

Sends a `POST` request to `/api/webhooks/{id}/resend`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.resend_webhook()
    .id(id)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn resend_webhook(&self) -> builder::ResendWebhook<'_> {
        builder::ResendWebhook::new(self)
    }
    /**Send an endpoint a test

A CloudEvent of the type `webhook:test`, about nothing and without a `sequence`, once. Another one that was not sent
yet is forgotten.

Sends a `POST` request to `/api/webhooks/{id}/test`

Arguments:
- `id`: The endpoint's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.test_webhook()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn test_webhook(&self) -> builder::TestWebhook<'_> {
        builder::TestWebhook::new(self)
    }
    /**List consumer groups

Those of the user, or of the operator's key, that asks. A key needs the scope `events:read` for all that is about
groups.

Sends a `GET` request to `/api/consumers`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_consumers()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_consumers(&self) -> builder::ListConsumers<'_> {
        builder::ListConsumers::new(self)
    }
    /**Show a consumer group

And how far it is: what it has yet to look at, and what it has under way or parked.

Sends a `GET` request to `/api/consumers/{group}`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.get_consumer()
    .group(group)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn get_consumer(&self) -> builder::GetConsumer<'_> {
        builder::GetConsumer::new(self)
    }
    /**Make a consumer group, or change it

The group goes through the events that its owner sees, and leases each to one fetch. Its name has 1 to 64 letters,
digits, dots, hyphens and underscores.

Sends a `PUT` request to `/api/consumers/{group}`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.put_consumer()
    .group(group)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn put_consumer(&self) -> builder::PutConsumer<'_> {
        builder::PutConsumer::new(self)
    }
    /**Remove a consumer group

With all that it has under way or parked.

Sends a `DELETE` request to `/api/consumers/{group}`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.delete_consumer()
    .group(group)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn delete_consumer(&self) -> builder::DeleteConsumer<'_> {
        builder::DeleteConsumer::new(self)
    }
    /**Lease events

Each event is leased to one fetch. What is not acknowledged in time is given again, to whoever fetches. Events
about the same thing never run side by side, nor out of order: there may be several of them in one answer, in
order, and the next ones wait until those are acknowledged. Whatever was given as often as it may be is parked, and
the others flow on. An answer of about a MiB has fewer events than asked for.

Sends a `POST` request to `/api/consumers/{group}/fetch`

Arguments:
- `group`: The group's name
- `limit`: How many events at most; 100 unless said otherwise
- `wait`: For how many seconds to wait if there are none; not at all unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.fetch_events()
    .group(group)
    .limit(limit)
    .wait(wait)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn fetch_events(&self) -> builder::FetchEvents<'_> {
        builder::FetchEvents::new(self)
    }
    /**Acknowledge events

They were dealt with, and nobody is given them again. Acknowledging twice changes nothing, nor does acknowledging what
somebody else has acknowledged by then: that is a 204, too. A lease whose time is over still counts until another
fetch is given the event, or an earlier one about the same thing, or until such an earlier one that was parked is to
be given again. Those that count no more are named in a 409, and the others are acknowledged all the same.

Sends a `POST` request to `/api/consumers/{group}/ack`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.acknowledge_events()
    .group(group)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn acknowledge_events(&self) -> builder::AcknowledgeEvents<'_> {
        builder::AcknowledgeEvents::new(self)
    }
    /**Give events back

To be given again, or parked if they were given as often as they may be.

Sends a `POST` request to `/api/consumers/{group}/nack`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.give_events_back()
    .group(group)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn give_events_back(&self) -> builder::GiveEventsBack<'_> {
        builder::GiveEventsBack::new(self)
    }
    /**Keep events for longer

And with each those before it about the same thing, as far as the same fetch was given them.

Sends a `POST` request to `/api/consumers/{group}/extend`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.extend_leases()
    .group(group)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn extend_leases(&self) -> builder::ExtendLeases<'_> {
        builder::ExtendLeases::new(self)
    }
    /**List parked events, oldest first

Those that were given as often as they may be, until they are given again or their group is removed.

Sends a `GET` request to `/api/consumers/{group}/parked`

Arguments:
- `group`: The group's name
- `cursor`: Where the page before this one ended: from its `Link`
- `limit`: How many at most; 20 unless said otherwise
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_parked_events()
    .group(group)
    .cursor(cursor)
    .limit(limit)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_parked_events(&self) -> builder::ListParkedEvents<'_> {
        builder::ListParkedEvents::new(self)
    }
    /**Have parked events given again

As if they never had been.

Sends a `POST` request to `/api/consumers/{group}/redrive`

Arguments:
- `group`: The group's name
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.redrive_parked_events()
    .group(group)
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn redrive_parked_events(&self) -> builder::RedriveParkedEvents<'_> {
        builder::RedriveParkedEvents::new(self)
    }
    /**List the operator's keys

With a key that has the scope `keys`.

Sends a `GET` request to `/api/keys`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.list_operator_keys()
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn list_operator_keys(&self) -> builder::ListOperatorKeys<'_> {
        builder::ListOperatorKeys::new(self)
    }
    /**Make an operator's key

With a key that has the scope `keys`, and every scope that the new one gets. The secret is in this answer and
nowhere else, so that there is no idempotency key: whoever lost the answer revokes the key and makes another.

Sends a `POST` request to `/api/keys`

Arguments:
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
- `body`
```ignore
let response = client.create_operator_key()
    .consistency(consistency)
    .body(body)
    .send()
    .await;
```*/
    pub fn create_operator_key(&self) -> builder::CreateOperatorKey<'_> {
        builder::CreateOperatorKey::new(self)
    }
    /**Revoke an operator's key

With a key that has the scope `keys`; it may be itself. From then on the key changes nothing more anywhere, and each
replica refuses it once that has heard of it. To revoke it again changes nothing.

Sends a `DELETE` request to `/api/keys/{id}`

Arguments:
- `id`: The key's id
- `consistency`: How new the state has to be: `strong` shows all that anybody was told of before, `session` all that the `Consistency-Token` says, `local` what the replica has, without waiting
```ignore
let response = client.revoke_operator_key()
    .id(id)
    .consistency(consistency)
    .send()
    .await;
```*/
    pub fn revoke_operator_key(&self) -> builder::RevokeOperatorKey<'_> {
        builder::RevokeOperatorKey::new(self)
    }
}
/// Types for composing operation parameters.
#[allow(clippy::all)]
pub mod builder {
    use super::types;
    #[allow(unused_imports)]
    use super::{
        encode_path, ByteStream, ClientInfo, ClientHooks, Error, OperationInfo,
        RequestBuilderExt, ResponseValue,
    };
    /**Builder for [`Client::sign_up`]

[`Client::sign_up`]: super::Client::sign_up*/
    #[derive(Debug, Clone)]
    pub struct SignUp<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::NewAccount, String>,
    }
    impl<'a> SignUp<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NewAccount>,
            <V as std::convert::TryInto<types::NewAccount>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `NewAccount` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::NewAccount,
            ) -> types::builder::NewAccount,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/users/signup`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::SignedInUser>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::NewAccount::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/signup", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "sign_up",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::current_user`]

[`Client::current_user`]: super::Client::current_user*/
    #[derive(Debug, Clone)]
    pub struct CurrentUser<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> CurrentUser<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/users/currentuser`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::CurrentUser>, Error<types::Problem>> {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/currentuser", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "current_user",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_account`]

[`Client::delete_account`]: super::Client::delete_account*/
    #[derive(Debug, Clone)]
    pub struct DeleteAccount<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::AccountDeletion, String>,
    }
    impl<'a> DeleteAccount<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::AccountDeletion>,
            <V as std::convert::TryInto<
                types::AccountDeletion,
            >>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `AccountDeletion` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::AccountDeletion,
            ) -> types::builder::AccountDeletion,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `DELETE` request to `/api/users/me`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::AccountDeletion::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/me", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_account",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::sign_in`]

[`Client::sign_in`]: super::Client::sign_in*/
    #[derive(Debug, Clone)]
    pub struct SignIn<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::Credentials, String>,
    }
    impl<'a> SignIn<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::Credentials>,
            <V as std::convert::TryInto<types::Credentials>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `Credentials` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::Credentials,
            ) -> types::builder::Credentials,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/users/signin`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::SignedInUser>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::Credentials::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/signin", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "sign_in",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::sign_out`]

[`Client::sign_out`]: super::Client::sign_out*/
    #[derive(Debug, Clone)]
    pub struct SignOut<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> SignOut<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/users/signout`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Nothing>, Error<types::Problem>> {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/signout", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "sign_out",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_sessions`]

[`Client::list_sessions`]: super::Client::list_sessions*/
    #[derive(Debug, Clone)]
    pub struct ListSessions<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListSessions<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/users/sessions`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Session>>,
            Error<types::Problem>,
        > {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/sessions", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_sessions",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::end_session`]

[`Client::end_session`]: super::Client::end_session*/
    #[derive(Debug, Clone)]
    pub struct EndSession<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> EndSession<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/users/sessions/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/users/sessions/{}", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "end_session",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::change_password`]

[`Client::change_password`]: super::Client::change_password*/
    #[derive(Debug, Clone)]
    pub struct ChangePassword<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::NewPassword, String>,
    }
    impl<'a> ChangePassword<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NewPassword>,
            <V as std::convert::TryInto<types::NewPassword>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `NewPassword` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::NewPassword,
            ) -> types::builder::NewPassword,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/users/password`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::NewPassword::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/password", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "change_password",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::reset_password`]

[`Client::reset_password`]: super::Client::reset_password*/
    #[derive(Debug, Clone)]
    pub struct ResetPassword<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::PasswordReset, String>,
    }
    impl<'a> ResetPassword<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PasswordReset>,
            <V as std::convert::TryInto<types::PasswordReset>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `PasswordReset` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PasswordReset,
            ) -> types::builder::PasswordReset,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/users/password/reset`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PasswordReset::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/users/password/reset", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "reset_password",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_tickets`]

[`Client::list_tickets`]: super::Client::list_tickets*/
    #[derive(Debug, Clone)]
    pub struct ListTickets<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        keyword: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        max_price: Result<Option<f64>, String>,
        min_price: Result<Option<f64>, String>,
        seller: Result<Option<::std::string::String>, String>,
        sort: Result<Option<types::TicketSort>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListTickets<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                keyword: Ok(None),
                limit: Ok(None),
                max_price: Ok(None),
                min_price: Ok(None),
                seller: Ok(None),
                sort: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn keyword<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.keyword = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for keyword failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn max_price<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<f64>,
        {
            self.max_price = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `f64` for max_price failed".to_string());
            self
        }
        pub fn min_price<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<f64>,
        {
            self.min_price = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `f64` for min_price failed".to_string());
            self
        }
        pub fn seller<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.seller = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for seller failed"
                        .to_string()
                });
            self
        }
        pub fn sort<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::TicketSort>,
        {
            self.sort = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `TicketSort` for sort failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/tickets`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Ticket>>,
            Error<types::Problem>,
        > {
            let Self {
                client,
                cursor,
                keyword,
                limit,
                max_price,
                min_price,
                seller,
                sort,
                consistency,
            } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let keyword = keyword.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let max_price = max_price.map_err(Error::InvalidRequest)?;
            let min_price = min_price.map_err(Error::InvalidRequest)?;
            let seller = seller.map_err(Error::InvalidRequest)?;
            let sort = sort.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/tickets", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("keyword", &keyword))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("maxPrice", &max_price))
                .query(&progenitor_client::QueryParam::new("minPrice", &min_price))
                .query(&progenitor_client::QueryParam::new("seller", &seller))
                .query(&progenitor_client::QueryParam::new("sort", &sort))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_tickets",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_ticket`]

[`Client::create_ticket`]: super::Client::create_ticket*/
    #[derive(Debug, Clone)]
    pub struct CreateTicket<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::TicketInput, String>,
    }
    impl<'a> CreateTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::TicketInput>,
            <V as std::convert::TryInto<types::TicketInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `TicketInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::TicketInput,
            ) -> types::builder::TicketInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/tickets`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Ticket>, Error<types::Problem>> {
            let Self { client, consistency, idempotency_key, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::TicketInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/tickets", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_ticket`]

[`Client::get_ticket`]: super::Client::get_ticket*/
    #[derive(Debug, Clone)]
    pub struct GetTicket<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/tickets/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Ticket>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/tickets/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::replace_ticket`]

[`Client::replace_ticket`]: super::Client::replace_ticket*/
    #[derive(Debug, Clone)]
    pub struct ReplaceTicket<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        if_match: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::TicketInput, String>,
    }
    impl<'a> ReplaceTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                if_match: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::TicketInput>,
            <V as std::convert::TryInto<types::TicketInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `TicketInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::TicketInput,
            ) -> types::builder::TicketInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PUT` request to `/api/tickets/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Ticket>, Error<types::Problem>> {
            let Self { client, id, consistency, if_match, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::TicketInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/tickets/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .put(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "replace_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_ticket`]

[`Client::delete_ticket`]: super::Client::delete_ticket*/
    #[derive(Debug, Clone)]
    pub struct DeleteTicket<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        if_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> DeleteTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                if_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/tickets/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, id, consistency, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/tickets/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::freeze_ticket`]

[`Client::freeze_ticket`]: super::Client::freeze_ticket*/
    #[derive(Debug, Clone)]
    pub struct FreezeTicket<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        if_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> FreezeTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                if_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/tickets/{id}/freeze`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Ticket>, Error<types::Problem>> {
            let Self { client, id, consistency, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/tickets/{}/freeze", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "freeze_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::unfreeze_ticket`]

[`Client::unfreeze_ticket`]: super::Client::unfreeze_ticket*/
    #[derive(Debug, Clone)]
    pub struct UnfreezeTicket<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        if_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> UnfreezeTicket<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                if_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/tickets/{id}/unfreeze`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Ticket>, Error<types::Problem>> {
            let Self { client, id, consistency, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/tickets/{}/unfreeze", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "unfreeze_ticket",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_orders`]

[`Client::list_orders`]: super::Client::list_orders*/
    #[derive(Debug, Clone)]
    pub struct ListOrders<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        status: Result<Option<types::OrderStatus>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListOrders<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                limit: Ok(None),
                status: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn status<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::OrderStatus>,
        {
            self.status = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `OrderStatus` for status failed".to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/orders`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Order>>,
            Error<types::Problem>,
        > {
            let Self { client, cursor, limit, status, consistency } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let status = status.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/orders", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("status", &status))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_orders",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_order`]

[`Client::create_order`]: super::Client::create_order*/
    #[derive(Debug, Clone)]
    pub struct CreateOrder<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::OrderInput, String>,
    }
    impl<'a> CreateOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::OrderInput>,
            <V as std::convert::TryInto<types::OrderInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `OrderInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::OrderInput,
            ) -> types::builder::OrderInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/orders`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<types::Problem>> {
            let Self { client, consistency, idempotency_key, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::OrderInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/orders", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_order`]

[`Client::get_order`]: super::Client::get_order*/
    #[derive(Debug, Clone)]
    pub struct GetOrder<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/orders/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Order>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/orders/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::cancel_order`]

[`Client::cancel_order`]: super::Client::cancel_order*/
    #[derive(Debug, Clone)]
    pub struct CancelOrder<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        if_match: Result<Option<::std::string::String>, String>,
    }
    impl<'a> CancelOrder<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                if_match: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn if_match<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.if_match = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for if_match failed"
                        .to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/orders/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, id, consistency, if_match } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let if_match = if_match.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/orders/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = if_match {
                header_map.append("If-Match", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "cancel_order",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => Ok(ResponseValue::empty(response)),
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_order_history`]

[`Client::get_order_history`]: super::Client::get_order_history*/
    #[derive(Debug, Clone)]
    pub struct GetOrderHistory<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetOrderHistory<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                cursor: Ok(None),
                limit: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/orders/{id}/history`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::OrderTransition>>,
            Error<types::Problem>,
        > {
            let Self { client, id, cursor, limit, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/orders/{}/history", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_order_history",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_order_payments`]

[`Client::list_order_payments`]: super::Client::list_order_payments*/
    #[derive(Debug, Clone)]
    pub struct ListOrderPayments<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListOrderPayments<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/orders/{id}/payments`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Payment>>,
            Error<types::Problem>,
        > {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/orders/{}/payments", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_order_payments",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_payment_intent`]

[`Client::create_payment_intent`]: super::Client::create_payment_intent*/
    #[derive(Debug, Clone)]
    pub struct CreatePaymentIntent<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
    }
    impl<'a> CreatePaymentIntent<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                idempotency_key: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/orders/{id}/payment-intent`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::PaymentIntent>, Error<types::Problem>> {
            let Self { client, id, consistency, idempotency_key } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/orders/{}/payment-intent", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_payment_intent",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_payments`]

[`Client::list_payments`]: super::Client::list_payments*/
    #[derive(Debug, Clone)]
    pub struct ListPayments<'a> {
        client: &'a super::Client,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListPayments<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                cursor: Ok(None),
                limit: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/payments`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Payment>>,
            Error<types::Problem>,
        > {
            let Self { client, cursor, limit, consistency } = self;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/payments", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_payments",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_payment`]

[`Client::create_payment`]: super::Client::create_payment*/
    #[derive(Debug, Clone)]
    pub struct CreatePayment<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::PaymentInput, String>,
    }
    impl<'a> CreatePayment<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::PaymentInput>,
            <V as std::convert::TryInto<types::PaymentInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `PaymentInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::PaymentInput,
            ) -> types::builder::PaymentInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/payments`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Payment>, Error<types::Problem>> {
            let Self { client, consistency, idempotency_key, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::PaymentInput::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/payments", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_payment",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_payment`]

[`Client::get_payment`]: super::Client::get_payment*/
    #[derive(Debug, Clone)]
    pub struct GetPayment<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetPayment<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/payments/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Payment>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/payments/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_payment",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_refunds`]

[`Client::list_refunds`]: super::Client::list_refunds*/
    #[derive(Debug, Clone)]
    pub struct ListRefunds<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListRefunds<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/payments/{id}/refunds`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Refund>>,
            Error<types::Problem>,
        > {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/payments/{}/refunds", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_refunds",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_refund`]

[`Client::create_refund`]: super::Client::create_refund*/
    #[derive(Debug, Clone)]
    pub struct CreateRefund<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        idempotency_key: Result<Option<::std::string::String>, String>,
        body: Result<types::builder::RefundInput, String>,
    }
    impl<'a> CreateRefund<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                idempotency_key: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn idempotency_key<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.idempotency_key = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for idempotency_key failed"
                        .to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RefundInput>,
            <V as std::convert::TryInto<types::RefundInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RefundInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RefundInput,
            ) -> types::builder::RefundInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/payments/{id}/refunds`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Refund>, Error<types::Problem>> {
            let Self { client, id, consistency, idempotency_key, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let idempotency_key = idempotency_key.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::RefundInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/payments/{}/refunds", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(3usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            if let Some(value) = idempotency_key {
                header_map.append("Idempotency-Key", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_refund",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_refund`]

[`Client::get_refund`]: super::Client::get_refund*/
    #[derive(Debug, Clone)]
    pub struct GetRefund<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        refund_id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetRefund<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                refund_id: Err("refund_id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn refund_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.refund_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for refund_id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/payments/{id}/refunds/{refund_id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Refund>, Error<types::Problem>> {
            let Self { client, id, refund_id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let refund_id = refund_id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/payments/{}/refunds/{}", client.baseurl, encode_path(& id
                .to_string()), encode_path(& refund_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_refund",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::retry_refund`]

[`Client::retry_refund`]: super::Client::retry_refund*/
    #[derive(Debug, Clone)]
    pub struct RetryRefund<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        refund_id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> RetryRefund<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                refund_id: Err("refund_id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn refund_id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.refund_id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for refund_id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/payments/{id}/refunds/{refund_id}/retry`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Refund>, Error<types::Problem>> {
            let Self { client, id, refund_id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let refund_id = refund_id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/payments/{}/refunds/{}/retry", client.baseurl, encode_path(& id
                .to_string()), encode_path(& refund_id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "retry_refund",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_events`]

[`Client::list_events`]: super::Client::list_events*/
    #[derive(Debug, Clone)]
    pub struct ListEvents<'a> {
        client: &'a super::Client,
        after: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        subject: Result<Option<::std::string::String>, String>,
        types: Result<Option<::std::string::String>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                after: Ok(None),
                limit: Ok(None),
                subject: Ok(None),
                types: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn after<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.after = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for after failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn subject<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.subject = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for subject failed"
                        .to_string()
                });
            self
        }
        pub fn types<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.types = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for types failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/events`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Event>>,
            Error<types::Problem>,
        > {
            let Self { client, after, limit, subject, types, consistency } = self;
            let after = after.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let subject = subject.map_err(Error::InvalidRequest)?;
            let types = types.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/events", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("after", &after))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("subject", &subject))
                .query(&progenitor_client::QueryParam::new("types", &types))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_webhooks`]

[`Client::list_webhooks`]: super::Client::list_webhooks*/
    #[derive(Debug, Clone)]
    pub struct ListWebhooks<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListWebhooks<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/webhooks`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Webhook>>,
            Error<types::Problem>,
        > {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/webhooks", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_webhooks",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_webhook`]

[`Client::create_webhook`]: super::Client::create_webhook*/
    #[derive(Debug, Clone)]
    pub struct CreateWebhook<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::WebhookInput, String>,
    }
    impl<'a> CreateWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::WebhookInput>,
            <V as std::convert::TryInto<types::WebhookInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `WebhookInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::WebhookInput,
            ) -> types::builder::WebhookInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/webhooks`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::WebhookWithSecret>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::WebhookInput::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/webhooks", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_webhook`]

[`Client::get_webhook`]: super::Client::get_webhook*/
    #[derive(Debug, Clone)]
    pub struct GetWebhook<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/webhooks/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Webhook>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_webhook`]

[`Client::delete_webhook`]: super::Client::delete_webhook*/
    #[derive(Debug, Clone)]
    pub struct DeleteWebhook<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> DeleteWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/webhooks/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::update_webhook`]

[`Client::update_webhook`]: super::Client::update_webhook*/
    #[derive(Debug, Clone)]
    pub struct UpdateWebhook<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::WebhookChange, String>,
    }
    impl<'a> UpdateWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::WebhookChange>,
            <V as std::convert::TryInto<types::WebhookChange>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `WebhookChange` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::WebhookChange,
            ) -> types::builder::WebhookChange,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PATCH` request to `/api/webhooks/{id}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Webhook>, Error<types::Problem>> {
            let Self { client, id, consistency, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::WebhookChange::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .patch(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "update_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::rotate_webhook_secret`]

[`Client::rotate_webhook_secret`]: super::Client::rotate_webhook_secret*/
    #[derive(Debug, Clone)]
    pub struct RotateWebhookSecret<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> RotateWebhookSecret<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/webhooks/{id}/rotate-secret`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::WebhookWithSecret>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}/rotate-secret", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "rotate_webhook_secret",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_webhook_attempts`]

[`Client::list_webhook_attempts`]: super::Client::list_webhook_attempts*/
    #[derive(Debug, Clone)]
    pub struct ListWebhookAttempts<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListWebhookAttempts<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                cursor: Ok(None),
                limit: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/webhooks/{id}/attempts`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::WebhookAttempt>>,
            Error<types::Problem>,
        > {
            let Self { client, id, cursor, limit, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}/attempts", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_webhook_attempts",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::resend_webhook`]

[`Client::resend_webhook`]: super::Client::resend_webhook*/
    #[derive(Debug, Clone)]
    pub struct ResendWebhook<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::WebhookResend, String>,
    }
    impl<'a> ResendWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::WebhookResend>,
            <V as std::convert::TryInto<types::WebhookResend>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `WebhookResend` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::WebhookResend,
            ) -> types::builder::WebhookResend,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/webhooks/{id}/resend`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Webhook>, Error<types::Problem>> {
            let Self { client, id, consistency, body } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::WebhookResend::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}/resend", client.baseurl, encode_path(& id
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "resend_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::test_webhook`]

[`Client::test_webhook`]: super::Client::test_webhook*/
    #[derive(Debug, Clone)]
    pub struct TestWebhook<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> TestWebhook<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/webhooks/{id}/test`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::WebhookTest>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/webhooks/{}/test", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "test_webhook",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                202u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_consumers`]

[`Client::list_consumers`]: super::Client::list_consumers*/
    #[derive(Debug, Clone)]
    pub struct ListConsumers<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListConsumers<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/consumers`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::Consumer>>,
            Error<types::Problem>,
        > {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/consumers", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_consumers",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::get_consumer`]

[`Client::get_consumer`]: super::Client::get_consumer*/
    #[derive(Debug, Clone)]
    pub struct GetConsumer<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> GetConsumer<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/consumers/{group}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Consumer>, Error<types::Problem>> {
            let Self { client, group, consistency } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}", client.baseurl, encode_path(& group.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "get_consumer",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::put_consumer`]

[`Client::put_consumer`]: super::Client::put_consumer*/
    #[derive(Debug, Clone)]
    pub struct PutConsumer<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::ConsumerInput, String>,
    }
    impl<'a> PutConsumer<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsumerInput>,
            <V as std::convert::TryInto<types::ConsumerInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `ConsumerInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ConsumerInput,
            ) -> types::builder::ConsumerInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `PUT` request to `/api/consumers/{group}`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Consumer>, Error<types::Problem>> {
            let Self { client, group, consistency, body } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::ConsumerInput::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}", client.baseurl, encode_path(& group.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .put(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "put_consumer",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::delete_consumer`]

[`Client::delete_consumer`]: super::Client::delete_consumer*/
    #[derive(Debug, Clone)]
    pub struct DeleteConsumer<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> DeleteConsumer<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/consumers/{group}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, group, consistency } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}", client.baseurl, encode_path(& group.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "delete_consumer",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::fetch_events`]

[`Client::fetch_events`]: super::Client::fetch_events*/
    #[derive(Debug, Clone)]
    pub struct FetchEvents<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        limit: Result<Option<u64>, String>,
        wait: Result<Option<u64>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> FetchEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                limit: Ok(None),
                wait: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn wait<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.wait = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for wait failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `POST` request to `/api/consumers/{group}/fetch`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Deliveries>, Error<types::Problem>> {
            let Self { client, group, limit, wait, consistency } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let wait = wait.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/fetch", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .query(&progenitor_client::QueryParam::new("wait", &wait))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "fetch_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::acknowledge_events`]

[`Client::acknowledge_events`]: super::Client::acknowledge_events*/
    #[derive(Debug, Clone)]
    pub struct AcknowledgeEvents<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::AckInput, String>,
    }
    impl<'a> AcknowledgeEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::AckInput>,
            <V as std::convert::TryInto<types::AckInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| format!("conversion to `AckInput` for body failed: {}", s));
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::AckInput) -> types::builder::AckInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/consumers/{group}/ack`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, group, consistency, body } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::AckInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/ack", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "acknowledge_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::give_events_back`]

[`Client::give_events_back`]: super::Client::give_events_back*/
    #[derive(Debug, Clone)]
    pub struct GiveEventsBack<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::NackInput, String>,
    }
    impl<'a> GiveEventsBack<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::NackInput>,
            <V as std::convert::TryInto<types::NackInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `NackInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::NackInput) -> types::builder::NackInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/consumers/{group}/nack`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, group, consistency, body } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::NackInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/nack", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "give_events_back",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::extend_leases`]

[`Client::extend_leases`]: super::Client::extend_leases*/
    #[derive(Debug, Clone)]
    pub struct ExtendLeases<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::ExtendInput, String>,
    }
    impl<'a> ExtendLeases<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ExtendInput>,
            <V as std::convert::TryInto<types::ExtendInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `ExtendInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::ExtendInput,
            ) -> types::builder::ExtendInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/consumers/{group}/extend`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, group, consistency, body } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::ExtendInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/extend", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "extend_leases",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_parked_events`]

[`Client::list_parked_events`]: super::Client::list_parked_events*/
    #[derive(Debug, Clone)]
    pub struct ListParkedEvents<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        cursor: Result<Option<::std::string::String>, String>,
        limit: Result<Option<u64>, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListParkedEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                cursor: Ok(None),
                limit: Ok(None),
                consistency: Ok(None),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn cursor<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.cursor = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for cursor failed"
                        .to_string()
                });
            self
        }
        pub fn limit<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<u64>,
        {
            self.limit = value
                .try_into()
                .map(Some)
                .map_err(|_| "conversion to `u64` for limit failed".to_string());
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/consumers/{group}/parked`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::ParkedEvent>>,
            Error<types::Problem>,
        > {
            let Self { client, group, cursor, limit, consistency } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let cursor = cursor.map_err(Error::InvalidRequest)?;
            let limit = limit.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/parked", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .query(&progenitor_client::QueryParam::new("cursor", &cursor))
                .query(&progenitor_client::QueryParam::new("limit", &limit))
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_parked_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::redrive_parked_events`]

[`Client::redrive_parked_events`]: super::Client::redrive_parked_events*/
    #[derive(Debug, Clone)]
    pub struct RedriveParkedEvents<'a> {
        client: &'a super::Client,
        group: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::RedriveInput, String>,
    }
    impl<'a> RedriveParkedEvents<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                group: Err("group was not initialized".to_string()),
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn group<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.group = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for group failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::RedriveInput>,
            <V as std::convert::TryInto<types::RedriveInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| {
                    format!("conversion to `RedriveInput` for body failed: {}", s)
                });
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(
                types::builder::RedriveInput,
            ) -> types::builder::RedriveInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/consumers/{group}/redrive`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::Redriven>, Error<types::Problem>> {
            let Self { client, group, consistency, body } = self;
            let group = group.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| {
                    types::RedriveInput::try_from(v).map_err(|e| e.to_string())
                })
                .map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/consumers/{}/redrive", client.baseurl, encode_path(& group
                .to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "redrive_parked_events",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::list_operator_keys`]

[`Client::list_operator_keys`]: super::Client::list_operator_keys*/
    #[derive(Debug, Clone)]
    pub struct ListOperatorKeys<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> ListOperatorKeys<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `GET` request to `/api/keys`
        pub async fn send(
            self,
        ) -> Result<
            ResponseValue<::std::vec::Vec<types::OperatorKey>>,
            Error<types::Problem>,
        > {
            let Self { client, consistency } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/keys", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .get(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "list_operator_keys",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                200u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::create_operator_key`]

[`Client::create_operator_key`]: super::Client::create_operator_key*/
    #[derive(Debug, Clone)]
    pub struct CreateOperatorKey<'a> {
        client: &'a super::Client,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
        body: Result<types::builder::KeyInput, String>,
    }
    impl<'a> CreateOperatorKey<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                consistency: Ok(None),
                body: Ok(::std::default::Default::default()),
            }
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        pub fn body<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::KeyInput>,
            <V as std::convert::TryInto<types::KeyInput>>::Error: std::fmt::Display,
        {
            self.body = value
                .try_into()
                .map(From::from)
                .map_err(|s| format!("conversion to `KeyInput` for body failed: {}", s));
            self
        }
        pub fn body_map<F>(mut self, f: F) -> Self
        where
            F: std::ops::FnOnce(types::builder::KeyInput) -> types::builder::KeyInput,
        {
            self.body = self.body.map(f);
            self
        }
        ///Sends a `POST` request to `/api/keys`
        pub async fn send(
            self,
        ) -> Result<ResponseValue<types::NewOperatorKey>, Error<types::Problem>> {
            let Self { client, consistency, body } = self;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let body = body
                .and_then(|v| types::KeyInput::try_from(v).map_err(|e| e.to_string()))
                .map_err(Error::InvalidRequest)?;
            let url = format!("{}/api/keys", client.baseurl,);
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .post(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .json(&body)
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "create_operator_key",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                201u16 => ResponseValue::from_response(response).await,
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
    /**Builder for [`Client::revoke_operator_key`]

[`Client::revoke_operator_key`]: super::Client::revoke_operator_key*/
    #[derive(Debug, Clone)]
    pub struct RevokeOperatorKey<'a> {
        client: &'a super::Client,
        id: Result<::std::string::String, String>,
        consistency: Result<Option<types::ConsistencyLevel>, String>,
    }
    impl<'a> RevokeOperatorKey<'a> {
        pub fn new(client: &'a super::Client) -> Self {
            Self {
                client: client,
                id: Err("id was not initialized".to_string()),
                consistency: Ok(None),
            }
        }
        pub fn id<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<::std::string::String>,
        {
            self.id = value
                .try_into()
                .map_err(|_| {
                    "conversion to `:: std :: string :: String` for id failed"
                        .to_string()
                });
            self
        }
        pub fn consistency<V>(mut self, value: V) -> Self
        where
            V: std::convert::TryInto<types::ConsistencyLevel>,
        {
            self.consistency = value
                .try_into()
                .map(Some)
                .map_err(|_| {
                    "conversion to `ConsistencyLevel` for consistency failed".to_string()
                });
            self
        }
        ///Sends a `DELETE` request to `/api/keys/{id}`
        pub async fn send(self) -> Result<ResponseValue<()>, Error<types::Problem>> {
            let Self { client, id, consistency } = self;
            let id = id.map_err(Error::InvalidRequest)?;
            let consistency = consistency.map_err(Error::InvalidRequest)?;
            let url = format!(
                "{}/api/keys/{}", client.baseurl, encode_path(& id.to_string()),
            );
            let mut header_map = ::reqwest::header::HeaderMap::with_capacity(2usize);
            header_map
                .append(
                    ::reqwest::header::HeaderName::from_static("api-version"),
                    ::reqwest::header::HeaderValue::from_static(
                        super::Client::api_version(),
                    ),
                );
            if let Some(value) = consistency {
                header_map.append("Consistency", value.to_string().try_into()?);
            }
            #[allow(unused_mut)]
            let mut request = client
                .client
                .delete(url)
                .header(
                    ::reqwest::header::ACCEPT,
                    ::reqwest::header::HeaderValue::from_static("application/json"),
                )
                .headers(header_map)
                .build()?;
            let info = OperationInfo {
                operation_id: "revoke_operator_key",
            };
            client.pre(&mut request, &info).await?;
            let result = client.exec(request, &info).await;
            client.post(&result, &info).await?;
            let response = result?;
            match response.status().as_u16() {
                204u16 => Ok(ResponseValue::empty(response)),
                400u16..=499u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                500u16..=599u16 => {
                    Err(
                        Error::ErrorResponse(
                            ResponseValue::from_response(response).await?,
                        ),
                    )
                }
                _ => Err(Error::UnexpectedResponse(response)),
            }
        }
    }
}
/// Items consumers will typically use such as the Client.
pub mod prelude {
    pub use self::super::Client;
}
