//! What an operator orders: the leader checks that the cluster bears it, and does it.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout_at};

use super::hand_over::{HAND_OVER_LIMIT, HandOverError};
use super::keeper::{look, make};
use super::plan::{Change, View};
use crate::engine::ProposeError;
use crate::inner::Inner;
use crate::operator::{Order, OrderAnswer};
use crate::peer::leader_address;
use crate::wire::{ClusterChange, HoldBack};

/// How long a change of the membership may take, others that are under way included: two rounds through the log.
const CHANGE_LIMIT: Duration = Duration::from_secs(10);
/// How long a learner that is to vote may take to catch up. One that needs longer needs a snapshot first.
const CATCH_UP_LIMIT: Duration = Duration::from_secs(20);
/// Between two looks at either.
const PAUSE: Duration = Duration::from_millis(100);

/// Why an order is not carried out.
enum Stop {
    /// Another replica leads, or nobody.
    NotLeader,
    /// The cluster does not bear it, or it makes no sense.
    Refused(String),
}

type Done = Result<String, Stop>;

impl Inner {
    /// Carries out an order, if this replica leads. Asked again for the same, the answer is the same.
    pub(crate) async fn obey(&self, order: &Order) -> OrderAnswer {
        let done = match order {
            Order::Promote(id) => self.promote(*id).await,
            Order::Demote(id) => self.demote(*id).await,
            Order::Remove(id) => self.remove(*id).await,
            Order::TransferLeader(transfer) => self.transfer_leader(transfer.to).await,
            Order::Init(_) => Err(Stop::Refused(format!("this is {}", self.identified()))),
        };
        match done {
            Ok(done) => {
                tracing::info!(done, "carried out an operator's order");
                OrderAnswer::done(done)
            }
            Err(Stop::NotLeader) => OrderAnswer::not_leader(leader_address(self).unwrap_or_default()),
            Err(Stop::Refused(why)) => OrderAnswer::refused(why),
        }
    }

    async fn promote(&self, id: u64) -> Done {
        let deadline = Instant::now() + CATCH_UP_LIMIT;
        loop {
            let view = self.as_leader()?;
            let seen = view.members.get(&id).ok_or_else(|| Stop::Refused(no_member(id)))?;
            if view.voters().contains(&id) && !view.held_back.contains(&id) {
                return Ok(format!("replica {id} votes{}", parity(&view)));
            }
            let says = seen.says.as_ref().filter(|_| view.is_alive(id));
            let says = says.ok_or_else(|| Stop::Refused(format!("replica {id} does not answer")))?;
            if !says.may_vote {
                let why = "is not to vote by its own settings: its role is learner, or it is not in the primary region";
                return Err(Stop::Refused(format!("replica {id} {why}")));
            }
            if seen.has_caught_up {
                break;
            }
            if Instant::now() >= deadline {
                let behind = view
                    .members
                    .get(&self.node_id)
                    .map_or(0, |own| own.matched - seen.matched.min(own.matched));
                return Err(Stop::Refused(format!(
                    "replica {id} has not caught up with the log, it lacks {behind} entries: try again later"
                )));
            }
            sleep(PAUSE).await;
        }
        self.hold_back(id, false).await?;
        self.change(|view| {
            view.members.get(&id).ok_or_else(|| no_member(id))?;
            Ok((!view.voters().contains(&id)).then(|| Change::Promote([id].into())))
        })
        .await?;
        Ok(format!("replica {id} votes{}", parity(&self.as_leader()?)))
    }

    async fn demote(&self, id: u64) -> Done {
        let view = self.as_leader()?;
        view.members.get(&id).ok_or_else(|| Stop::Refused(no_member(id)))?;
        if view.voters().contains(&id) {
            view.objection_to_losing(id).map_or(Ok(()), |why| Err(Stop::Refused(why)))?;
            self.give_up_leading(id).await?;
        }
        self.hold_back(id, true).await?;
        self.change(|view| {
            if !view.voters().contains(&id) {
                return Ok(None);
            }
            view.objection_to_losing(id).map_or(Ok(Some(Change::Demote(id))), Err)
        })
        .await?;
        Ok(format!("replica {id} does not vote{}", parity(&self.as_leader()?)))
    }

    async fn remove(&self, id: u64) -> Done {
        let view = self.as_leader()?;
        if !view.members.contains_key(&id) {
            let was_one = self.state.shared().cluster().removed.contains(&id);
            let gone = || format!("replica {id} is not a member any more");
            return if was_one { Ok(gone()) } else { Err(Stop::Refused(no_member(id))) };
        }
        if view.voters().contains(&id) {
            view.objection_to_losing(id).map_or(Ok(()), |why| Err(Stop::Refused(why)))?;
        }
        self.give_up_leading(id).await?;
        self.change(|view| {
            if !view.members.contains_key(&id) {
                return Ok(None);
            }
            let objection = view.voters().contains(&id).then(|| view.objection_to_losing(id)).flatten();
            objection.map_or(Ok(Some(Change::Remove(id))), Err)
        })
        .await?;
        Ok(format!("replica {id} is not a member any more{}", parity(&self.as_leader()?)))
    }

    async fn transfer_leader(&self, to: Option<u64>) -> Done {
        let view = self.as_leader()?;
        if to == Some(view.leader) {
            return Ok(format!("replica {} leads", view.leader));
        }
        match self.hand_over(to, HAND_OVER_LIMIT).await {
            Ok(leader) => Ok(format!("replica {leader} leads")),
            Err(error) => Err(hand_over_failed(&error)),
        }
    }

    /// Whoever is to go, or not to vote, can't lead. The caller follows to the next leader, and asks there.
    async fn give_up_leading(&self, id: u64) -> Result<(), Stop> {
        if id != self.node_id {
            return Ok(());
        }
        match self.hand_over(None, HAND_OVER_LIMIT).await {
            Ok(_) => Err(Stop::NotLeader),
            Err(error) => Err(hand_over_failed(&error)),
        }
    }

    async fn hold_back(&self, node_id: u64, is_held_back: bool) -> Result<(), Stop> {
        if self.state.shared().cluster().held_back.contains(&node_id) == is_held_back {
            return Ok(());
        }
        let change = ClusterChange::HoldBack(HoldBack { node_id, is_held_back });
        match self.propose_change(change).await {
            Ok(_) => Ok(()),
            Err(ProposeError::NotLeader { .. }) => Err(Stop::NotLeader),
            Err(error) => Err(Stop::Refused(format!("{error}: ask again"))),
        }
    }

    /// Makes the change that `decide` wants, if it still wants one, as soon as nobody else makes another one.
    async fn change(&self, decide: impl Fn(&View) -> Result<Option<Change>, String>) -> Result<(), Stop> {
        let deadline = Instant::now() + CHANGE_LIMIT;
        let mut because = "another change of the membership is under way".to_owned();
        loop {
            let (view, seen_at) = look(self).ok_or(Stop::NotLeader)?;
            if view.configs.len() == 1 {
                let Some(change) = decide(&view).map_err(Stop::Refused)? else { return Ok(()) };
                match timeout_at(deadline, make(self, &view, &change, seen_at)).await {
                    Ok(Ok(())) => continue,
                    Ok(Err(error)) => because = error,
                    Err(_) => because = "no majority of the voters takes part".to_owned(),
                }
            }
            if Instant::now() >= deadline {
                return Err(Stop::Refused(format!("not done in time, ask again: {because}")));
            }
            sleep(PAUSE).await;
        }
    }

    fn as_leader(&self) -> Result<View, Stop> {
        look(self).map(|(view, _)| view).ok_or(Stop::NotLeader)
    }
}

fn hand_over_failed(error: &HandOverError) -> Stop {
    match error {
        HandOverError::NotLeader => Stop::NotLeader,
        error => Stop::Refused(error.to_string()),
    }
}

fn no_member(id: u64) -> String {
    format!("there is no replica {id}: see boxoffice cluster status")
}

/// What an even number of voters is worth, for an operator who has just made it one.
fn parity(view: &View) -> String {
    let voters = view.voters().len();
    let bears = voters.saturating_sub(1) / 2;
    format!("; of {voters} voters {bears} may be lost")
}
