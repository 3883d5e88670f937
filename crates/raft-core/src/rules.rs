//! The rules of the protocol, each with a name, so that one can be switched off and what it is good for be seen.
//!
//! A rule is consulted in exactly one place, which is also the place that says how the server behaves without it.

/// What a rule is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protects {
    /// At most one leader a term (Figure 3).
    ElectionSafety,
    /// Logs that agree on an entry agree on all before it (Figure 3).
    LogMatching,
    /// What is committed stays: every later leader has it (Figure 3).
    LeaderCompleteness,
    /// No two servers apply different entries at one index (Figure 3).
    StateMachineSafety,
    /// What a server counts as safe is on its disk, and what is committed on those of a majority (thesis 3.8).
    QuorumDurability,
    /// A read sees every write that was acknowledged before it began (§8).
    ReadFreshness,
    /// A command takes effect once, however often it is sent (§8).
    ExactlyOnce,
    /// While a majority is up and connected there is a leader before long, nobody deposes it, and it commits.
    Progress,
}

macro_rules! rules {
    ($($rule:ident $name:literal $section:literal $protects:ident $sentence:literal;)*) => {
        /// One rule of the protocol.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        pub enum Rule {
            $(#[doc = concat!("`", $name, "`, ", $section, ": ", $sentence)] $rule,)*
        }

        impl Rule {
            /// All there are, in the order of their declaration.
            pub const ALL: &[Rule] = &[$(Rule::$rule),*];

            /// Its name, as in `off own-term-commit`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Rule::$rule => $name,)* }
            }

            /// What it says.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Rule::$rule => $sentence,)* }
            }

            /// Where it is written: of the paper, or of Ongaro's thesis.
            #[must_use]
            pub const fn section(self) -> &'static str {
                match self { $(Rule::$rule => $section,)* }
            }

            /// What breaks without it.
            #[must_use]
            pub const fn protects(self) -> Protects {
                match self { $(Rule::$rule => Protects::$protects,)* }
            }
        }
    };
}

rules! {
    // Elections.
    UpToDateVote "up-to-date-vote" "§5.4.1" LeaderCompleteness
        "A server votes only for a candidate whose log is at least as up to date as its own.";
    TermBeforeIndex "term-before-index" "§5.4.1" LeaderCompleteness
        "Of two logs the one with the later last term is more up to date, whatever their lengths.";
    OneVote "one-vote" "§5.2" ElectionSafety
        "A server votes for at most one candidate in a term.";
    ElectionMajority "election-majority" "§5.2" ElectionSafety
        "A candidate needs the votes of a majority.";
    CountVotersOnce "count-voters-once" "§5.2" ElectionSafety
        "A vote that arrives twice is one vote.";
    VotesOfThisTerm "votes-of-this-term" "§5.2" ElectionSafety
        "A vote given in an earlier term does not count in this one.";
    TimerOnlyWhenHeard "timer-only-when-heard" "§5.2" Progress
        "Only the current leader, or a vote given, puts off a server's election.";
    TimerOnVote "timer-on-vote" "§5.2" Progress
        "Who gives its vote waits a whole election timeout before it stands itself.";

    PreVote "pre-vote" "thesis 9.6" Progress
        "A server raises its term and stands only after a majority said that it could win.";
    PreVoteAnswered "pre-vote-answered" "§5.1, thesis 9.6" Progress
        "Who asks in an earlier term is refused with the current one, so that it can catch up.";
    PreVoteStickiness "pre-vote-stickiness" "thesis 9.6" Progress
        "Who hears a leader tells nobody that it could win.";
    LeaderStickiness "leader-stickiness" "thesis 4.2.3" Progress
        "Who hears a leader ignores requests for its vote, and their terms.";
    CheckQuorum "check-quorum" "thesis 6.2" Progress
        "A leader that no majority has answered for an election timeout steps down.";

    // Stable storage.
    DurableVote "durable-vote" "§5.2, thesis 3.8" ElectionSafety
        "Term and vote are written to disk.";
    SyncedVote "synced-vote" "§5.2, thesis 3.8" ElectionSafety
        "A vote is on disk before it is told.";
    SyncedAck "synced-ack" "§5.3, thesis 3.8" LeaderCompleteness
        "Entries are on disk before they are acknowledged.";
    SyncedOwnCopy "synced-own-copy" "thesis 10.2.1" LeaderCompleteness
        "The leader's own copy counts once it is on its disk.";
    SyncedAsStands "synced-as-stands" "thesis 10.2.1" QuorumDurability
        "A write does not make safe what has since come in the place of its entries.";

    // Replication.
    LogCheck "log-check" "§5.3" LogMatching
        "A follower refuses entries if its entry just before them is of another term.";
    TruncateOnConflict "truncate-on-conflict" "§5.3" LeaderCompleteness
        "A follower removes entries only where they conflict with the leader's.";
    AckWhatWasSent "ack-what-was-sent" "§5.3" LeaderCompleteness
        "A follower acknowledges no more than the message at hand showed to agree.";
    StaleAppend "stale-append" "§5.1" LeaderCompleteness
        "Entries from a leader of an earlier term are refused.";
    StaleAck "stale-ack" "§5.1" LeaderCompleteness
        "An acknowledgement of an earlier term does not count in this one.";

    AskForAll "ask-for-all" "§5.3, thesis 10.2.2" Progress
        "A heartbeat asks whether all that was sent without waiting has come.";

    // Snapshots.
    KeepWhatFollows "keep-what-follows" "§7" LeaderCompleteness
        "Entries that follow a snapshot the log agrees with stay, and so does what is newer than the snapshot.";
    DropWhatConflicts "drop-what-conflicts" "§7" LogMatching
        "A snapshot the log does not agree with takes the place of all of it.";

    // Membership.
    EffectiveWhenAppended "effective-when-appended" "§6, thesis 4.1" LeaderCompleteness
        "A server goes by the latest configuration in its log, committed or not.";
    OneChangeAtATime "one-change-at-a-time" "thesis 4.1" LeaderCompleteness
        "A leader begins no change before the last one is committed.";
    OwnTermChange "own-term-change" "erratum to thesis 4.1" LeaderCompleteness
        "A leader begins no change before it has committed an entry of its own term.";
    BothMajorities "both-majorities" "§6, thesis 4.3" LeaderCompleteness
        "While a change by joint consensus is under way, a majority of the old voters and one of the new have to agree.";
    RollBackConfiguration "roll-back-configuration" "§6, thesis 4.1" LeaderCompleteness
        "A configuration whose entry is truncated is no longer in force.";
    ConfigurationFromDisk "configuration-from-disk" "§6, §7" LeaderCompleteness
        "A server that restarts goes by the configuration in its log or snapshot.";
    RemovedDoesNotCount "removed-does-not-count" "thesis 4.2.2" LeaderCompleteness
        "A leader that is no voter does not count itself.";
    LeaveJoint "leave-joint" "§6, thesis 4.3" Progress
        "Once the joint configuration is committed, the leader ends it by the new one.";
    LearnersVote "learners-vote" "thesis 4.1, 4.2.1" Progress
        "Who is asked for its vote gives it, also if its own configuration does not yet say that it has one.";
    PromoteCaughtUp "promote-caught-up" "thesis 4.2.1" Progress
        "A learner gets a vote only when it has what is committed.";
    ServeStrangers "serve-strangers" "thesis 4.1" Progress
        "A server serves leaders and candidates that its configuration does not have.";

    // Commitment.
    OwnTermCommit "own-term-commit" "§5.4.2" LeaderCompleteness
        "A leader commits by counting only entries of its own term.";
    CommitMajority "commit-majority" "§5.3" LeaderCompleteness
        "An entry is committed once a majority has it.";
    CommitWhatWasSent "commit-what-was-sent" "§5.3" StateMachineSafety
        "A follower commits no further than the last entry that came with the message.";
    CommitAfterCheck "commit-after-check" "§5.3" StateMachineSafety
        "A follower learns what is committed only from a leader its log was found to agree with.";

    // Reads.
    OwnTermRead "own-term-read" "§8, thesis 6.4" ReadFreshness
        "A leader serves reads once it has committed an entry of its own term.";
    ReadRound "read-round" "§8, thesis 6.4" ReadFreshness
        "A leader makes sure that it still leads before it answers a read.";
    ReadMajority "read-majority" "§8, thesis 6.4" ReadFreshness
        "A round of heartbeats confirms a leader once a majority has answered it.";
    ReadRoundAfter "read-round-after" "§8, thesis 6.4" ReadFreshness
        "The round that confirms a read begins after the read.";
    FreshRounds "fresh-rounds" "thesis 6.4" ReadFreshness
        "No two rounds have the same number, so that no answer is taken for another.";
    LeaseDrift "lease-drift" "thesis 6.4.1" ReadFreshness
        "A lease is shorter than an election timeout by as much as clocks may drift apart.";
    LeaseFromSending "lease-from-sending" "thesis 6.4.1" ReadFreshness
        "A lease runs from when its round was sent, not from when the answers came.";
    LeaseAfterRestart "lease-after-restart" "thesis 6.4.1" ReadFreshness
        "A server that restarts may have heard a leader just before, and acts as if it had.";
    LeaseLostByTransfer "lease-lost-by-transfer" "thesis 6.4.1" ReadFreshness
        "A leader that told another server to stand has no lease any more.";

    // Leadership transfer.
    TransferCaughtUp "transfer-caught-up" "thesis 3.10" Progress
        "Only a server that has the whole log is told to stand.";
    TransferRefusesProposals "transfer-refuses-proposals" "thesis 3.10" Progress
        "A leader that hands over takes no more proposals, so that the other server can catch up.";
    TransferAborts "transfer-aborts" "thesis 3.10" Progress
        "A leader that could not hand over within an election timeout serves its clients again.";

    // Clients. The one rule that is not the core's but its clients': Raft does not know what a command is.
    ClientSession "client-session" "§8, thesis 6.3" ExactlyOnce
        "A command that a client sends again is applied once.";
}

impl Rule {
    /// The rule of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Rule> {
        Rule::ALL.iter().copied().find(|rule| rule.name() == name)
    }

    const fn bit(self) -> u64 {
        1 << self as u32
    }
}

/// Which rules hold: all, unless switched off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rules {
    /// One bit a rule that is switched off.
    off: u64,
}

const _: () = assert!(Rule::ALL.len() <= u64::BITS as usize);

impl Rules {
    /// All of them: Raft.
    pub const ALL: Rules = Rules { off: 0 };

    /// These, but not that one.
    #[must_use]
    pub const fn without(self, rule: Rule) -> Rules {
        Rules {
            off: self.off | rule.bit(),
        }
    }

    /// These, and that one.
    #[must_use]
    pub const fn with(self, rule: Rule) -> Rules {
        Rules {
            off: self.off & !rule.bit(),
        }
    }

    /// Whether a rule holds.
    #[must_use]
    pub const fn hold(self, rule: Rule) -> bool {
        self.off & rule.bit() == 0
    }

    /// Those that are switched off.
    pub fn off(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.iter().copied().filter(move |rule| !self.hold(*rule))
    }
}

#[cfg(test)]
mod tests {
    use super::{Rule, Rules};
    use std::collections::BTreeSet;
    use std::string::String;
    use std::vec::Vec;
    use std::{format, fs};

    #[test]
    fn names_are_kebab_case_and_unique() {
        let names: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
        assert_eq!(names.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            let mut kebab = String::new();
            for c in format!("{rule:?}").chars() {
                if c.is_uppercase() && !kebab.is_empty() {
                    kebab.push('-');
                }
                kebab.extend(c.to_lowercase());
            }
            assert_eq!(rule.name(), kebab);
            assert_eq!(Rule::named(rule.name()), Some(*rule));
            assert!(rule.sentence().ends_with('.') && !rule.section().is_empty());
        }
        assert_eq!(Rule::named("no-such-rule"), None);
    }

    #[test]
    fn all_hold_until_switched_off() {
        for rule in Rule::ALL {
            assert!(Rules::ALL.hold(*rule));
            let without = Rules::ALL.without(*rule);
            assert_eq!(without.off().collect::<Vec<_>>(), [*rule]);
            assert_eq!(without.without(*rule), without);
            assert_eq!(without.with(*rule), Rules::default());
        }
    }

    /// What is switched off in two places is two rules; what is consulted nowhere is none. The simulation is looked through as well:
    /// the clients are there.
    #[test]
    fn every_rule_is_consulted_in_exactly_one_place() {
        let core = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let clients = concat!(env!("CARGO_MANIFEST_DIR"), "/../raft-sim/src");
        let files = [core, clients]
            .into_iter()
            .flat_map(|folder| fs::read_dir(folder).expect("the sources"))
            .map(|f| f.expect("a file").path())
            .filter(|path| path.is_file());
        let code: String = files
            .filter(|path| !path.ends_with("rules.rs"))
            .map(|path| fs::read_to_string(path).expect("text"))
            .collect();
        for rule in Rule::ALL {
            // A server asks `self.holds`, a client the rules themselves.
            let asks = |word: &str| code.matches(&format!("{word}(Rule::{rule:?})")).count();
            let consulted = asks("holds") + asks("hold");
            let named = code.matches(&format!("Rule::{rule:?})")).count();
            assert_eq!((consulted, named), (1, 1), "{}", rule.name());
        }
    }
}
