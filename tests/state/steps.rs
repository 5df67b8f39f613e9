//! Random steps: small and independent of each other, so that a failing sequence shrinks well.
//!
//! Steps name things by small indices, which the driver resolves to what exists when the step's turn comes.

mod elsewhere;

use boxoffice::domain::{MAX_ATTEMPTS_PER_ORDER, RefundStatus};
use proptest::option;
use proptest::prelude::*;

pub(crate) use self::elsewhere::Elsewhere;

/// How long there is to pay, and how far a charge may hold past that; some are over at once.
const WINDOWS_MS: &[u64] = &[0, 1_000, 5_000];
const GRACES_MS: &[u64] = &[0, 500, 2_000];

/// How far the clock goes at once: not at all, up to just before and just past windows and graces, and far
/// past everything.
const WAITS_MS: &[u64] = &[0, 1, 499, 500, 999, 1_000, 2_500, 5_000, 100_000];

/// Just before an order is due, exactly then, and just after.
const AROUND_DUE_MS: &[i64] = &[-1, 0, 1];

/// How long sessions, tokens and keys last.
const TTLS_MS: &[u64] = &[1_500, 20_000, 1_000_000];

/// One step of a sequence.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Lets the clock go on by so many milliseconds.
    Wait(u64),
    /// Sends an earlier command once more, as it was.
    Resend(u8),
    /// Sends a new command.
    Send(Call),
    /// Has sales held, as a restore does.
    Hold,
    /// Makes operator's keys until there are as many as there may be.
    FillKeys,
    /// Asks for refunds that fail, until a payment has as many as it may have.
    FillRefunds(u8),
    /// Sends a new command about an order so many milliseconds after that order is due, and nothing between.
    SendWhenDue(Call, i64),
}

/// A new command.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) who: Who,
    pub(crate) what: What,
    /// An idempotency key and a fingerprint, each one of two.
    pub(crate) key: Option<(bool, bool)>,
    /// Arrives after its expiry.
    pub(crate) late: bool,
}

/// Who sends it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// Whoever owns what it is about.
    Owner,
    /// Somebody else.
    Other,
    /// The holder of a session that was opened once, ended or not.
    Session(u8),
    /// One account with another one's session.
    Mixed(u8),
    /// Nobody.
    Nobody,
    /// An operator's key that was made once, working or not.
    Key(u8),
}

/// Which versions the sender has seen.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Seen {
    Current,
    Older,
    Both,
    None,
}

/// Whose word a command says that it is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum WordOf {
    /// That of the intent on record, if there is one.
    Intent,
    /// That of another one.
    Another,
    /// Nobody's.
    Nobody,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(crate) enum What {
    SignUp { email: u8, ttl_ms: u64 },
    SignIn { user: u8, stale: bool, rehash: bool, ttl_ms: u64 },
    EndSession { session: u8 },
    ChangePassword { stale: bool },
    IssueToken { email: u8, ttl_ms: u64 },
    ResetPassword { token: u8 },
    DeleteAccount { stale: bool },
    Create { title: u8, price_minor: u64, starts_in_ms: Option<u64> },
    Update { ticket: u8, price_minor: u64, starts_in_ms: Option<u64>, seen: Option<Seen> },
    Delete { ticket: u8, seen: Option<Seen> },
    Freeze { ticket: u8, frozen: bool, seen: Option<Seen> },
    Reserve { ticket: u8, window_ms: u64 },
    Cancel { order: u8, seen: Option<Seen> },
    Expire { at_most: u32 },
    Pay { order: u8, grace_ms: u64, in_browser: bool },
    Intend { payment: u8, makes_a_method: bool },
    Act { payment: u8, word_of: WordOf },
    Settle { payment: u8, succeeded: bool, word_of: WordOf },
    Refund { payment: u8 },
    AddKey { kid: u8, only_if_none: bool, overlap_ms: u64 },
    Upkeep { at_most: u32 },
    PlayCharge { payment: u8, source: u8, settles: bool },
    PlayRefund { payment: u8, name: Option<u8>, amount_minor: u64 },
    AskForRefund { payment: u8, amount_minor: Option<u64> },
    SettleRefund { refund: u8, outcome: RefundStatus, is_stale: bool, has_name: bool },
    RetryRefund { refund: u8, of_another: bool },
    Elsewhere(Elsewhere),
    Withdraw { order: u8, cancels_order: bool, seen: Option<Seen> },
    Lift { stale: bool },
    MakeKey { scopes: u8, ttl_ms: Option<u64> },
    RevokeKey { key: u8 },
}

/// A payment with as many refunds as it may have, and one more. Rarely met, and too long to be made up at random.
pub(crate) fn too_many_refunds() -> Vec<Step> {
    let send = |who, what| Step::Send(Call { who, what, key: None, late: false });
    vec![
        send(Who::Other, What::Reserve { ticket: 0, window_ms: 5_000 }),
        send(Who::Owner, What::Pay { order: 0, grace_ms: 500, in_browser: false }),
        send(Who::Owner, What::Settle { payment: 0, succeeded: true, word_of: WordOf::Intent }),
        Step::FillRefunds(0),
    ]
}

/// An order that nobody manages to pay for, until no more may try. The first attempts, from before there were histories,
/// are not counted.
pub(crate) fn too_many_attempts() -> Vec<Step> {
    let send = |who, what| Step::Send(Call { who, what, key: None, late: false });
    let mut steps = vec![send(Who::Other, What::Reserve { ticket: 0, window_ms: 5_000 })];
    for _ in 0..MAX_ATTEMPTS_PER_ORDER + 10 {
        steps.push(send(Who::Owner, What::Pay { order: 0, grace_ms: 500, in_browser: false }));
        let declined = What::Settle { payment: 0, succeeded: false, word_of: WordOf::Intent };
        steps.push(send(Who::Owner, declined));
    }
    steps
}

/// A buyer who confirms in a browser, and pays by card beside it.
pub(crate) fn a_card_beside_a_browser() -> Vec<Step> {
    let send = |who, what| Step::Send(Call { who, what, key: None, late: false });
    let mut steps = vec![send(Who::Other, What::Reserve { ticket: 0, window_ms: 5_000 })];
    for in_browser in [true, false] {
        steps.push(send(Who::Owner, What::Pay { order: 0, grace_ms: 500, in_browser }));
    }
    steps
}

/// A sequence of up to so many steps.
pub(crate) fn sequence(at_most: usize) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(), 1..=at_most)
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        80 => pick(WAITS_MS).prop_map(Step::Wait),
        30 => any::<u8>().prop_map(Step::Resend),
        400 => call().prop_map(Step::Send),
        10 => Just(Step::Hold),
        1 => Just(Step::FillKeys),
        40 => (what_is_too_late_once_due(), prop::sample::select(AROUND_DUE_MS)).prop_map(|(what, after_ms)| {
            Step::SendWhenDue(Call { who: Who::Owner, what, key: None, late: false }, after_ms)
        }),
    ]
}

/// The latest payments and orders: those that are still open.
fn what_is_too_late_once_due() -> impl Strategy<Value = What> {
    prop_oneof![
        3 => (0..3_u8, any::<bool>(), word_of())
            .prop_map(|(payment, succeeded, word_of)| What::Settle { payment, succeeded, word_of }),
        1 => (0..3_u8, pick(GRACES_MS), rarely())
            .prop_map(|(order, grace_ms, in_browser)| What::Pay { order, grace_ms, in_browser }),
    ]
}

fn call() -> impl Strategy<Value = Call> {
    let asked = prop_oneof![
        6 => (mostly(Who::Other), offer()),
        20 => (mostly(Who::Other), reservation()),
        50 => (mostly(Who::Owner), everything_else()),
        6 => (mostly(Who::Key(0)), by_keys()),
    ];
    let key = option::weighted(0.15, any::<(bool, bool)>());
    (asked, key, prop::bool::weighted(0.02)).prop_map(|((who, what), key, late)| Call {
        who,
        what,
        key,
        late,
    })
}

fn offer() -> BoxedStrategy<What> {
    (any::<u8>(), 1..5_u64, starts())
        .prop_map(|(title, price_minor, starts_in_ms)| What::Create { title, price_minor, starts_in_ms })
        .boxed()
}

fn reservation() -> BoxedStrategy<What> {
    (any::<u8>(), pick(WINDOWS_MS))
        .prop_map(|(ticket, window_ms)| What::Reserve { ticket, window_ms })
        .boxed()
}

fn everything_else() -> BoxedStrategy<What> {
    prop_oneof![
        1 => (0..4_u8, pick(TTLS_MS)).prop_map(|(email, ttl_ms)| What::SignUp { email, ttl_ms }),
        3 => (any::<u8>(), rarely(), any::<bool>(), pick(TTLS_MS))
            .prop_map(|(user, stale, rehash, ttl_ms)| What::SignIn { user, stale, rehash, ttl_ms }),
        1 => any::<u8>().prop_map(|session| What::EndSession { session }),
        1 => rarely().prop_map(|stale| What::ChangePassword { stale }),
        1 => (0..4_u8, pick(TTLS_MS)).prop_map(|(email, ttl_ms)| What::IssueToken { email, ttl_ms }),
        1 => any::<u8>().prop_map(|token| What::ResetPassword { token }),
        1 => rarely().prop_map(|stale| What::DeleteAccount { stale }),
        4 => (any::<u8>(), 1..5_u64, starts(), seen()).prop_map(|(ticket, price_minor, starts_in_ms, seen)| {
            What::Update { ticket, price_minor, starts_in_ms, seen }
        }),
        1 => (any::<u8>(), seen()).prop_map(|(ticket, seen)| What::Delete { ticket, seen }),
        4 => (any::<u8>(), prop::bool::weighted(0.4), seen())
            .prop_map(|(ticket, frozen, seen)| What::Freeze { ticket, frozen, seen }),
        4 => (any::<u8>(), seen()).prop_map(|(order, seen)| What::Cancel { order, seen }),
        3 => (any::<u8>(), any::<bool>(), seen())
            .prop_map(|(order, cancels_order, seen)| What::Withdraw { order, cancels_order, seen }),
        9 => (0..4_u32).prop_map(|at_most| What::Expire { at_most }),
        12 => (any::<u8>(), pick(GRACES_MS), rarely())
            .prop_map(|(order, grace_ms, in_browser)| What::Pay { order, grace_ms, in_browser }),
        5 => (any::<u8>(), any::<bool>())
            .prop_map(|(payment, makes_a_method)| What::Intend { payment, makes_a_method }),
        3 => (any::<u8>(), word_of()).prop_map(|(payment, word_of)| What::Act { payment, word_of }),
        9 => (any::<u8>(), prop::bool::weighted(0.6), word_of())
            .prop_map(|(payment, succeeded, word_of)| What::Settle { payment, succeeded, word_of }),
        9 => any::<u8>().prop_map(|payment| What::Refund { payment }),
        1 => (0..3_u8, any::<bool>(), pick(TTLS_MS))
            .prop_map(|(kid, only_if_none, overlap_ms)| What::AddKey { kid, only_if_none, overlap_ms }),
        3 => (0..4_u32).prop_map(|at_most| What::Upkeep { at_most }),
        3 => (any::<u8>(), any::<u8>(), any::<bool>())
            .prop_map(|(payment, source, settles)| What::PlayCharge { payment, source, settles }),
        3 => (any::<u8>(), option::weighted(0.7, any::<u8>()), 1..30_u64)
            .prop_map(|(payment, name, amount_minor)| What::PlayRefund { payment, name, amount_minor }),
        8 => refund(),
        12 => (any::<u8>(), outcome(), rarely(), any::<bool>()).prop_map(
            |(refund, outcome, is_stale, has_name)| What::SettleRefund { refund, outcome, is_stale, has_name }
        ),
        8 => elsewhere::steps().prop_map(What::Elsewhere),
        8 => rarely().prop_map(|stale| What::Lift { stale }),
    ]
    .boxed()
}

fn refund() -> BoxedStrategy<What> {
    (0..6_u8, option::weighted(0.6, 1..5_u64))
        .prop_map(|(payment, amount_minor)| What::AskForRefund { payment, amount_minor })
        .boxed()
}

pub(super) fn outcome() -> impl Strategy<Value = RefundStatus> {
    prop_oneof![
        1 => Just(RefundStatus::Pending),
        5 => Just(RefundStatus::Succeeded),
        2 => Just(RefundStatus::Failed),
    ]
}

fn by_keys() -> BoxedStrategy<What> {
    let ttl_ms = option::weighted(0.5, pick(TTLS_MS));
    prop_oneof![
        4 => refund(),
        4 => (any::<u8>(), rarely()).prop_map(|(refund, of_another)| What::RetryRefund { refund, of_another }),
        2 => (any::<u8>(), ttl_ms).prop_map(|(scopes, ttl_ms)| What::MakeKey { scopes, ttl_ms }),
        1 => any::<u8>().prop_map(|key| What::RevokeKey { key }),
    ]
    .boxed()
}

fn mostly(who: Who) -> impl Strategy<Value = Who> {
    prop_oneof![
        12 => Just(who),
        1 => Just(Who::Owner),
        1 => Just(Who::Other),
        1 => any::<u8>().prop_map(Who::Session),
        1 => any::<u8>().prop_map(Who::Mixed),
        1 => any::<u8>().prop_map(Who::Key),
        1 => Just(Who::Nobody),
    ]
}

fn seen() -> impl Strategy<Value = Option<Seen>> {
    let seen = prop_oneof![
        4 => Just(Seen::Current),
        2 => Just(Seen::Older),
        1 => Just(Seen::Both),
        1 => Just(Seen::None),
    ];
    option::weighted(0.3, seen)
}

/// Most shows have no date; some begin while the sequence runs.
fn starts() -> impl Strategy<Value = Option<u64>> {
    option::weighted(0.3, prop_oneof![Just(0), Just(3_000), Just(1_000_000)])
}

fn word_of() -> impl Strategy<Value = WordOf> {
    prop_oneof![8 => Just(WordOf::Intent), 1 => Just(WordOf::Another), 1 => Just(WordOf::Nobody)]
}

fn rarely() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.15)
}

fn pick(from: &'static [u64]) -> impl Strategy<Value = u64> {
    prop::sample::select(from)
}
