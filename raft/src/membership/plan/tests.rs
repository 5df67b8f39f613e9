use super::*;

const MINUTE: Duration = Duration::from_secs(60);

fn policy() -> Policy {
    Policy { voters: 3, replace_after: Some(2 * MINUTE), forget_after: Some(60 * MINUTE) }
}

fn node(address: &str) -> Node {
    Node { address: address.to_owned(), region: "ams".to_owned() }
}

fn member(may_vote: bool, silent_for: Duration) -> Seen {
    let says = Some(Says { node: node("a:1"), may_vote, supported_level: 1 });
    Seen { node: node("a:1"), says, silent_for, matched: 7, has_caught_up: true }
}

/// Replica 1 leads; `alive` learners may vote, `far` ones may not.
fn view(voters: &[u64], alive: &[u64], far: &[u64]) -> View {
    let voting = voters.iter().chain(alive).map(|id| (*id, member(true, Duration::ZERO)));
    let others = far.iter().map(|id| (*id, member(false, Duration::ZERO)));
    let configs = vec![voters.iter().copied().collect()];
    let held_back = BTreeSet::new();
    View { leader: 1, configs, members: voting.chain(others).collect(), held_back, level: 1 }
}

fn next(view: &View) -> Option<Change> {
    next_change(view, &policy())
}

#[test]
fn a_complete_cluster_stays_as_it_is() {
    assert_eq!(next(&view(&[1, 2, 3], &[4], &[5])), None);
}

#[test]
fn voters_come_in_pairs() {
    assert_eq!(next(&view(&[1], &[2], &[9])), None, "two voters bear no loss either");
    assert_eq!(next(&view(&[1], &[2, 3], &[9])), Some(Change::Promote([2, 3].into())));
    assert_eq!(next(&view(&[1], &[2, 3, 4, 5], &[])), Some(Change::Promote([2, 3].into())));
    assert_eq!(next(&view(&[1, 2], &[3], &[])), Some(Change::Promote([3].into())));
    let five = Policy { voters: 5, ..policy() };
    assert_eq!(next_change(&view(&[1, 2, 3], &[4], &[]), &five), None);
    assert_eq!(next_change(&view(&[1, 2, 3], &[4, 5], &[]), &five), Some(Change::Promote([4, 5].into())));
    let four = Policy { voters: 4, ..policy() };
    assert_eq!(next_change(&view(&[1, 2, 3], &[4], &[]), &four), None, "an even number is not worth it");
}

#[test]
fn who_lags_or_is_silent_or_was_never_heard_does_not_vote() {
    let lags = |view: &mut View| view.members.get_mut(&2).expect("there").has_caught_up = false;
    let silent = |view: &mut View| view.members.get_mut(&2).expect("there").silent_for = ALIVE;
    let unheard = |view: &mut View| view.members.get_mut(&2).expect("there").says = None;
    let spoil: [&dyn Fn(&mut View); 3] = [&lags, &silent, &unheard];
    for spoil in spoil {
        let mut view = view(&[1], &[2, 3], &[]);
        spoil(&mut view);
        assert_eq!(next(&view), None);
    }
}

#[test]
fn whom_the_operator_holds_back_does_not_vote() {
    let mut view = view(&[1, 2, 3], &[4], &[]);
    view.held_back = [2].into();
    assert_eq!(next(&view), Some(Change::Demote(2)), "the former leader had got no further than saying so");
    view.configs = vec![[1, 3].into()];
    assert_eq!(next(&view), Some(Change::Promote([4].into())), "another one instead, never the same");
    view.members.remove(&4);
    assert_eq!(next(&view), None);
}

#[test]
fn no_voter_goes_that_the_quorum_needs() {
    let held_back = |view: &mut View| view.held_back = [2].into();
    let mut two_of_three = view(&[1, 2, 3], &[], &[]);
    held_back(&mut two_of_three);
    two_of_three.members.insert(3, member(true, ALIVE));
    assert_eq!(next(&two_of_three), None, "1 would be left, and 3, which does not answer");
    let objection = two_of_three.objection_to_losing(2).expect("unsafe");
    assert!(objection.contains("2 voters, of which only 1 answer"), "{objection}");
    assert_eq!(two_of_three.objection_to_losing(3), None, "the silent one may go");
    assert!(view(&[1], &[2, 3], &[]).objection_to_losing(1).expect("unsafe").contains("the only voter"));
    let mut leader = view(&[1, 2, 3], &[], &[]);
    leader.held_back = [1].into();
    assert_eq!(next(&leader), None, "it hands over first");
    assert_eq!(successors(&leader), [2, 3].into());
}

#[test]
fn a_voter_whose_settings_forbid_it_gives_its_vote_to_another() {
    let mut moved = view(&[1, 2, 3], &[4, 5], &[]);
    for id in [1, 2, 3] {
        moved.members.insert(id, member(false, Duration::ZERO));
    }
    assert_eq!(next(&moved), Some(Change::Replace { voter: 2, by: 4 }), "one at a time");
    assert_eq!(successors(&moved), BTreeSet::new(), "no voter may lead yet");
    moved.configs = vec![[1, 3, 4].into()];
    assert_eq!(next(&moved), Some(Change::Replace { voter: 3, by: 5 }));
    moved.configs = vec![[1, 4, 5].into()];
    assert_eq!(next(&moved), None, "the leader hands over first");
    assert_eq!(successors(&moved), [4, 5].into());
    moved.members.get_mut(&4).expect("there").has_caught_up = false;
    moved.members.get_mut(&5).expect("there").silent_for = ALIVE;
    assert_eq!(successors(&moved), BTreeSet::new());
    moved.leader = 4;
    moved.members.insert(5, member(true, Duration::ZERO));
    moved.members.insert(6, member(true, Duration::ZERO));
    assert_eq!(next(&moved), Some(Change::Replace { voter: 1, by: 6 }));
}

#[test]
fn a_voter_whose_settings_forbid_it_goes_without_another_only_if_that_is_safe() {
    let forbid = |view: &mut View, id: u64| {
        view.members.get_mut(&id).expect("there").says =
            Some(Says { node: node("a:1"), may_vote: false, supported_level: 1 })
    };
    let mut alone = view(&[1, 2, 3], &[], &[]);
    forbid(&mut alone, 2);
    assert_eq!(next(&alone), Some(Change::Demote(2)), "a learner never votes");
    alone.members.get_mut(&2).expect("there").silent_for = ALIVE;
    assert_eq!(next(&alone), None, "what it says may be old");
    alone.members.get_mut(&2).expect("there").silent_for = Duration::ZERO;
    alone.members.get_mut(&3).expect("there").silent_for = ALIVE;
    assert_eq!(next(&alone), None, "1 would be left, and 3, which does not answer");
    let mut replaced = alone.clone();
    replaced.members.insert(4, member(true, Duration::ZERO));
    assert_eq!(next(&replaced), Some(Change::Replace { voter: 2, by: 4 }), "two of three answer then");

    let mut wrong_everywhere = view(&[1, 2, 3], &[], &[]);
    for id in [1, 2, 3] {
        forbid(&mut wrong_everywhere, id);
    }
    assert_eq!(next(&wrong_everywhere), None);
    let mut two = view(&[1, 2], &[], &[]);
    forbid(&mut two, 2);
    assert_eq!(next(&two), None, "nobody is left with the only copy");
    let mut four = view(&[1, 2, 3, 4], &[5], &[]);
    forbid(&mut four, 3);
    assert_eq!(next(&four), Some(Change::Demote(3)), "three are as many as are wanted");
    assert_eq!(successors(&four), BTreeSet::new(), "the leader may stay");
}

#[test]
fn a_silent_voter_is_replaced_once_the_grace_period_is_over() {
    let mut view = view(&[1, 2, 3], &[4], &[9]);
    view.members.insert(2, member(true, 2 * MINUTE - Duration::from_millis(1)));
    assert_eq!(next(&view), None);
    view.members.insert(2, member(true, 2 * MINUTE));
    assert_eq!(next(&view), Some(Change::Replace { voter: 2, by: 4 }));
    let never = Policy { replace_after: None, ..policy() };
    assert_eq!(next_change(&view, &never), None);
    view.members.remove(&4);
    assert_eq!(next(&view), None, "nobody who may vote is there");
}

#[test]
fn a_silent_learner_is_forgotten_a_silent_voter_never() {
    let mut view = view(&[1, 2, 3], &[], &[9]);
    view.members.insert(2, member(true, 100 * MINUTE));
    view.members.insert(9, member(false, 59 * MINUTE));
    assert_eq!(next(&view), None);
    view.members.insert(9, member(false, 60 * MINUTE));
    assert_eq!(next(&view), Some(Change::Forget(9)));
    assert_eq!(next_change(&view, &Policy { forget_after: None, ..policy() }), None);
}

#[test]
fn what_moved_is_updated_and_what_was_begun_is_finished() {
    let mut view = view(&[1, 2, 3], &[], &[9]);
    view.members.get_mut(&9).expect("there").says =
        Some(Says { node: node("b:2"), may_vote: false, supported_level: 1 });
    assert_eq!(next(&view), Some(Change::Update(9, node("b:2"))));
    view.configs.push([1, 2, 9].into());
    assert_eq!(next(&view), Some(Change::Finish([1, 2, 9].into())));
}

#[test]
fn the_level_is_raised_to_what_every_member_supports() {
    let mut view = view(&[1, 2, 3], &[4], &[9]);
    assert_eq!(next_level(&view), None);
    let supports = |view: &mut View, id: u64, level: u32| {
        let seen = view.members.get_mut(&id).expect("there");
        seen.says.as_mut().expect("heard").supported_level = level;
    };
    for id in [1, 2, 3, 4] {
        supports(&mut view, id, 3);
    }
    assert_eq!(next_level(&view), None, "the learner far away is still of the first level");
    supports(&mut view, 9, 2);
    assert_eq!(next_level(&view), Some(2));
    view.level = 2;
    assert_eq!(next_level(&view), None, "it is there");
    supports(&mut view, 9, 3);
    view.members.get_mut(&9).expect("there").silent_for = 100 * MINUTE;
    assert_eq!(next_level(&view), Some(3), "it last said so");
    view.members.get_mut(&2).expect("there").says = None;
    assert_eq!(next_level(&view), None, "nobody knows what it is");
}
