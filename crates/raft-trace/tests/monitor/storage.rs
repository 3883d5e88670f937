//! What outlives a crash and what a loss of power: logs and terms go back to what the disk holds.

use crate::*;

#[test]
fn a_loss_of_power_is_no_deletion() {
    let mut run = Run::of(3);
    run.leads(1, 1)
        .append(1, 1, &[(1, "")])
        .sync(1)
        .append(1, 2, &[(1, "a")]);
    run.lose_power(1).append(1, 1, &[(2, "b")]).is_clean();
}

#[test]
fn who_led_a_term_is_known_across_a_loss_of_power() {
    let mut run = Run::of(2);
    run.leads(1, 1).lose_power(1).leads(2, 1);
    assert_eq!(run.broken(), [Property::ElectionSafety]);
}

#[test]
fn what_was_not_synced_is_gone_after_a_loss_of_power_and_what_was_is_not() {
    let mut run = Run::of(2);
    run.append(1, 1, &[(1, "a"), (1, "b")]).sync(1);
    run.truncate(1, 2, 2).append(1, 2, &[(2, "c"), (2, "d")]);
    // The disk still holds a, b: entry 3 follows b at S1 and c at S2.
    run.lose_power(1).append(1, 3, &[(3, "e")]);
    run.append(2, 1, &[(1, "a"), (2, "c")]).is_clean();
    run.append(2, 3, &[(3, "e")]);
    assert_eq!(run.broken(), [Property::LogMatching]);
}

#[test]
fn what_was_written_outlives_the_process_synced_or_not() {
    let mut run = Run::of(2);
    run.append(1, 1, &[(1, "a")]).sync(1).append(1, 2, &[(2, "b")]);
    run.crash(1).lose_power(1).leads(1, 2).commit(1, 2).is_clean();
}

#[test]
fn of_a_write_that_is_torn_the_beginning_is_on_disk() {
    let mut run = Run::of(2);
    run.append(1, 1, &[(1, "a")]).append(1, 2, &[(1, "b"), (1, "c")]);
    run.lose_power_but(1, 1, 1).append(2, 1, &[(1, "a"), (1, "b")]);
    run.commit(2, 2).leads(1, 2).is_clean();
    run.lose_power_but(1, 0, 0).leads(1, 3).is_clean();
}

#[test]
fn a_write_still_under_way_when_the_power_goes_never_reaches_the_disk() {
    let mut run = Run::of(2);
    run.append(2, 1, &[(1, "a")]).commit(2, 1);
    run.append(1, 1, &[(1, "a")])
        .lose_power(1)
        .sync(1)
        .lose_power(1)
        .is_clean();
    run.leads(1, 2);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
}

#[test]
fn the_log_a_restarted_server_leads_with_is_the_one_on_its_disk() {
    let mut run = Run::of(3);
    run.leads(1, 1)
        .append(1, 1, &[(1, "a")])
        .sync(1)
        .append(1, 2, &[(1, "b")]);
    let mut kept = Run {
        monitor: run.monitor.clone(),
        ..run
    };
    run.commit(1, 2).lose_power(1).leads(1, 2);
    assert_eq!(run.broken(), [Property::LeaderCompleteness]);
    kept.sync(1).commit(1, 2).lose_power(1).leads(1, 2).is_clean();
}

#[test]
fn the_term_a_server_commits_in_is_that_of_its_disk_after_a_loss_of_power() {
    let mut run = Run::of(3);
    let hard_state = |term| {
        Some(HardState {
            term: Term(term),
            voted_for: None,
        })
    };
    run.follows(1, 4)
        .write(1, hard_state(4), None)
        .sync(1)
        .append(1, 1, &[(1, "a")])
        .sync(1);
    run.follows(1, 9)
        .write(1, hard_state(9), None)
        .lose_power(1)
        .commit(1, 1)
        .leads(2, 5);
    let [violation] = &run.figure_3()[..] else {
        panic!()
    };
    let Evidence::LeaderLacks { committed_in, .. } = violation.evidence else {
        panic!("{violation}")
    };
    assert_eq!(committed_in, Term(4));
}
