//! Who founds a cluster: the same choice on every replica that sees the same others.

use super::id::{ClusterId, Instance};
use super::messages::{Founder, Founding, Hello, PROTOCOL_VERSION, Promise, Standing};
use super::profile::Profile;
use super::view::View;
use super::waiting::Waiting;

/// One replica, about to choose.
pub(crate) struct Choice<'a> {
    pub(crate) own: Instance,
    pub(crate) profile: &'a Profile,
    pub(crate) view: &'a View,
}

impl Choice<'_> {
    /// The founders, as far as this replica can tell.
    pub(crate) fn founders(&self) -> Result<Vec<Founder>, Waiting> {
        if let Some(waiting) = self.undecided(None).or_else(|| self.disagreement()) {
            return Err(waiting);
        }
        let mut known = self.view.known_candidates();
        known.insert(self.own);
        let expected = self.profile.bootstrap_expect as usize;
        if known.len() < expected {
            return Err(self.too_few());
        }
        let chosen: Vec<Instance> = known.into_iter().take(expected).collect();
        let founders: Result<Vec<Founder>, Waiting> =
            (1..).zip(&chosen).map(|(node_id, &instance)| self.founder(node_id, instance)).collect();
        let founders = founders?;
        self.unseen_pair(&founders).map_or(Ok(founders), Err)
    }

    /// Why this replica must not help to found this cluster, now that it sees what it sees.
    pub(crate) fn objection(&self, founding: &Founding) -> Option<String> {
        let reason = self.cluster_in_sight(Some(founding.cluster_id));
        if let Some(reason) = reason.or_else(|| self.disagreement().map(|waiting| waiting.to_string())) {
            return Some(reason);
        }
        let is_founder = |instance: &Instance| founding.members.iter().any(|m| m.instance == *instance);
        let last = founding.members.last()?.instance;
        let left_out =
            self.view.known_candidates().into_iter().find(|known| *known < last && !is_founder(known));
        left_out.map(|instance| format!("the fresh replica with instance {instance} ought to be a founder"))
    }

    /// A cluster in sight, or one that may come to be, other than the cluster `own`.
    pub(crate) fn cluster_in_sight(&self, own: Option<ClusterId>) -> Option<String> {
        let other = self.view.clusters().into_iter().find(|cluster_id| Some(*cluster_id) != own);
        let other = other.map(|cluster_id| format!("members of cluster {cluster_id} are in sight"));
        other.or_else(|| self.undecided(own).map(|waiting| waiting.to_string()))
    }

    /// Somebody on the way into a cluster other than `own`.
    fn undecided(&self, own: Option<ClusterId>) -> Option<Waiting> {
        let (hello, cluster_id) = self.view.undecided(own)?;
        let address = hello.address.clone();
        Some(match &hello.standing {
            Some(Standing::Promised(Promise { cluster_id, proposer })) if *proposer == hello.instance => {
                Waiting::ForDecision { address, cluster_id: *cluster_id }
            }
            _ => Waiting::ForUndecided { address, cluster_id },
        })
    }

    /// A candidate that would choose otherwise because it was told otherwise.
    fn disagreement(&self) -> Option<Waiting> {
        let Profile { region, bootstrap_expect, .. } = self.profile;
        self.view.candidates().find_map(|hello| {
            let what = if hello.region != *region {
                format!("its primary region is {}, this one's {region}", hello.region)
            } else if hello.bootstrap_expect != *bootstrap_expect {
                format!("it expects {} founders, this one {bootstrap_expect}", hello.bootstrap_expect)
            } else if hello.protocol_version != PROTOCOL_VERSION {
                format!("its program ({}) is of another generation", hello.program_version)
            } else {
                return None;
            };
            Some(Waiting::ForAgreement { address: hello.address.clone(), what })
        })
    }

    fn too_few(&self) -> Waiting {
        let Profile { region, address, bootstrap_expect, .. } = self.profile;
        let others = self.view.candidates().map(|hello| hello.address.clone());
        Waiting::ForReplicas {
            expected: *bootstrap_expect,
            region: region.clone(),
            seen: [address.clone()].into_iter().chain(others).collect(),
        }
    }

    fn founder(&self, node_id: u64, instance: Instance) -> Result<Founder, Waiting> {
        let Profile { region, address, .. } = self.profile;
        let (address, region) = if instance == self.own {
            (address, region)
        } else {
            let sight = self.view.get(instance).filter(|sight| sight.is_reached());
            let Hello { address, region, .. } = &sight.ok_or(Waiting::ForSightOf { instance })?.hello;
            (address, region)
        };
        Ok(Founder { node_id, instance, address: address.clone(), region: region.clone() })
    }

    /// The first two founders one of which does not see the other. This replica sees them all.
    fn unseen_pair(&self, founders: &[Founder]) -> Option<Waiting> {
        let others = founders.iter().filter_map(|founder| Some((founder, self.view.get(founder.instance)?)));
        others.into_iter().find_map(|(founder, sight)| {
            let sees =
                |of: &&Founder| of.instance == founder.instance || sight.hello.seen.contains(&of.instance);
            let of = founders.iter().find(|of| !sees(of))?;
            Some(Waiting::ForMutualSight { address: founder.address.clone(), of: of.address.clone() })
        })
    }
}
