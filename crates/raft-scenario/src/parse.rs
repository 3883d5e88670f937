//! From text to scenario. Every table of words below is also what errors list and what the nearest word is looked for in.

use crate::command::COMMANDS;
use crate::cursor::{Cursor, Word};
use crate::expect::EXPECTS;
use crate::protocol::{PROTOCOLS, foreign};
use crate::setting::SETTINGS;
use crate::values::{self, Cast, is_client};
use crate::{Command, Expect, Expected, Link, ParseError, Scenario, Setting, Timed, limits};
use raft_core::{Duration, NodeId, Rule, SortedMap, Span};
use raft_trace::{Protocol, WorldTime};
use std::ops::RangeInclusive;

/// Words and what is read behind each.
pub(crate) type Words<T> = [(&'static str, fn(&mut Parser<'_>) -> Result<T, ParseError>)];

/// Header words and settings stand before all else, each at most once.
pub(crate) const LINES: &Words<()> = &[
    ("title", |p| p.title()),
    ("protocol", |p| p.choose_protocol()),
    ("servers", |p| p.servers()),
    ("voters", |p| p.voters()),
    ("clients", |p| p.clients()),
    ("seed", |p| p.seed()),
    ("set", |p| p.set()),
    ("off", |p| p.switch(false)),
    ("on", |p| p.switch(true)),
    ("expect", |p| p.expect()),
];

impl Scenario {
    /// Reads a scenario.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn parse(text: &str) -> Result<Scenario, ParseError> {
        let mut parser = Parser::new(text, Scenario::default());
        if text.len() > limits::TEXT {
            let expected = format!("a text of at most {} bytes", limits::TEXT);
            return Err(parser.cursor.rest_of_line().unexpected(expected));
        }
        parser.version()?;
        while parser.cursor.next_line() {
            parser.line()?;
            parser.cursor.end_of_line()?;
        }
        parser.finish()
    }

    /// Reads one command without a time, such as `crash S1`, for the servers and clients of this scenario.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn parse_command(&self, line: &str) -> Result<Command, ParseError> {
        let mut parser = self.parser_of_commands(line);
        let command = parser.only_command()?;
        if parser.cursor.next_line() {
            return Err(parser.word().unexpected("one command only"));
        }
        Ok(command)
    }

    /// Reads commands without a time, one a line, to be carried out together.
    ///
    /// # Errors
    /// The first thing that is wrong, and where.
    pub fn parse_commands(&self, lines: &str) -> Result<Vec<Command>, ParseError> {
        let mut parser = self.parser_of_commands(lines);
        let mut commands = vec![parser.only_command()?];
        while parser.cursor.next_line() {
            if commands.last() == Some(&Command::End) {
                return Err(parser.word().unexpected("nothing behind the end"));
            }
            commands.push(parser.only_command()?);
        }
        Ok(commands)
    }

    fn parser_of_commands<'a>(&self, text: &'a str) -> Parser<'a> {
        let world = Scenario {
            protocol: self.protocol,
            servers: self.servers,
            clients: self.clients,
            ..Scenario::default()
        };
        Parser::new(text, world)
    }
}

/// A text being read.
pub(crate) struct Parser<'a> {
    pub(crate) cursor: Cursor<'a>,
    scenario: Scenario,
    /// Header words and settings that were there; each may stand once.
    seen: Vec<String>,
    /// Where the times of commands and expectations stand.
    command_times: Vec<Word<'a>>,
    expect_times: Vec<(WorldTime, Word<'a>)>,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, scenario: Scenario) -> Parser<'a> {
        let cursor = Cursor::new(text);
        Parser {
            cursor,
            scenario,
            seen: Vec::new(),
            command_times: Vec::new(),
            expect_times: Vec::new(),
        }
    }

    /// A command on a line of its own.
    fn only_command(&mut self) -> Result<Command, ParseError> {
        let command = self.command()?;
        self.cursor.end_of_line()?;
        Ok(command)
    }

    fn version(&mut self) -> Result<(), ParseError> {
        self.cursor.next_line();
        let word = self.word();
        if word.text != "raft" {
            return Err(word.unknown(
                "\"raft 1\" first: the format and its version",
                ["raft"].into_iter(),
            ));
        }
        let version = self.word();
        match version.text {
            "1" => self.cursor.end_of_line(),
            _ => Err(version.unexpected("1, the only version known here")),
        }
    }

    fn line(&mut self) -> Result<(), ParseError> {
        let word = self.cursor.peek();
        if let Some(time) = word.strip_prefix('@') {
            self.word();
            return self.timed(time);
        }
        match word.text {
            "set" | "off" | "on" if !self.is_beginning() => {
                return Err(word.unexpected(format!("{} before the first @ and expect", word.text)));
            }
            "title" | "protocol" | "servers" | "voters" | "clients" | "seed" => self.header_word(word)?,
            "set" | "off" | "on" => {}
            name if is_client(word) || COMMANDS.iter().any(|(n, _)| *n == name) => {
                return Err(word.unexpected("a time before a command, such as @100ms"));
            }
            _ => {}
        }
        self.choose("a time such as @100ms, or", LINES)
    }

    // … the header

    fn title(&mut self) -> Result<(), ParseError> {
        let word = self.cursor.rest_of_line();
        self.scenario.title = limited(word, word.text, limits::TITLE)?;
        Ok(())
    }

    fn choose_protocol(&mut self) -> Result<(), ParseError> {
        let word = self.cursor.peek();
        self.scenario.protocol = self.choose("a protocol:", PROTOCOLS)?;
        match (self.scenario.protocol, self.scenario.voters) {
            (Protocol::TwoPhaseCommit, Some(_)) => Err(word.unexpected("raft, for voters are given above")),
            _ => Ok(()),
        }
    }

    fn servers(&mut self) -> Result<(), ParseError> {
        let least = self.scenario.voters.unwrap_or(1);
        self.scenario.servers = values::small_number(self.word(), least..=limits::ENDPOINTS)?;
        Ok(())
    }

    fn voters(&mut self) -> Result<(), ParseError> {
        if self.protocol() != Protocol::Raft {
            return Err(foreign(self.word(), self.protocol()));
        }
        let most = self.scenario.servers;
        self.scenario.voters = Some(values::small_number(self.word(), 1..=most)?);
        Ok(())
    }

    fn clients(&mut self) -> Result<(), ParseError> {
        self.scenario.clients = values::small_number(self.word(), 0..=limits::ENDPOINTS)?;
        Ok(())
    }

    fn seed(&mut self) -> Result<(), ParseError> {
        self.scenario.seed = values::number(self.word(), 0..=u64::MAX)?;
        Ok(())
    }

    fn set(&mut self) -> Result<(), ParseError> {
        let word = self.cursor.peek();
        let setting = self.choose("a setting:", SETTINGS)?;
        let setting = self.fitting(word, setting, Setting::protocol)?;
        self.only_once(word, setting.target())?;
        self.scenario.settings.push(setting);
        Ok(())
    }

    /// `off own-term-commit`
    fn switch(&mut self, holds: bool) -> Result<(), ParseError> {
        let word = self.cursor.peek();
        let setting = Setting::Rule(self.rule()?, holds);
        let setting = self.fitting(word, setting, Setting::protocol)?;
        self.only_once(word, format!("rule {}", setting.target()))?;
        self.scenario.settings.push(setting);
        Ok(())
    }

    fn only_once(&mut self, word: Word<'_>, name: String) -> Result<(), ParseError> {
        if self.seen.contains(&name) {
            return Err(word.unexpected(format!("another word: {name} is already given above")));
        }
        self.seen.push(name);
        Ok(())
    }

    fn header_word(&mut self, word: Word<'_>) -> Result<(), ParseError> {
        if !self.is_beginning() || !self.scenario.settings.is_empty() {
            return Err(word.unexpected(format!("{} before the first set, @ and expect", word.text)));
        }
        self.only_once(word, word.text.to_owned())
    }

    fn is_beginning(&self) -> bool {
        self.scenario.script.is_empty() && self.scenario.expects.is_empty()
    }

    // … commands and expectations

    fn timed(&mut self, time: Word<'a>) -> Result<(), ParseError> {
        let at = values::time(time, &limits::TIME)?;
        if self.scenario.script.len() == limits::COMMANDS {
            return Err(time.unexpected(format!("at most {} commands", limits::COMMANDS)));
        }
        let command = self.command()?;
        self.scenario.script.push(Timed {
            at: WorldTime(at.0),
            command,
        });
        self.command_times.push(time);
        Ok(())
    }

    fn expect(&mut self) -> Result<(), ParseError> {
        let word = self.cursor.peek();
        if self.scenario.expects.len() == limits::EXPECTS {
            return Err(word.unexpected(format!("at most {} expectations", limits::EXPECTS)));
        }
        let what = if is_client(word) {
            self.ending()?
        } else {
            self.choose("an expectation:", EXPECTS)?
        };
        let what = self.fitting(word, what, Expected::protocol)?;
        let mut at = None;
        if self.cursor.keyword("at") {
            let word = self.word();
            let time = WorldTime(values::time(word, &limits::TIME)?.0);
            self.expect_times.push((time, word));
            at = Some(time);
        }
        self.scenario.expects.push(Expect { what, at });
        Ok(())
    }

    // … what all lines are made of

    pub(crate) fn word(&mut self) -> Word<'a> {
        self.cursor.word()
    }

    pub(crate) fn protocol(&self) -> Protocol {
        self.scenario.protocol
    }

    pub(crate) fn cast(&self) -> Cast {
        Cast {
            servers: self.scenario.servers,
            clients: self.scenario.clients,
        }
    }

    /// Reads one of these words and what comes behind it.
    pub(crate) fn choose<T>(&mut self, what: &str, words: &Words<T>) -> Result<T, ParseError> {
        let word = self.word();
        let names = words.iter().map(|(name, _)| *name);
        match words.iter().find(|(name, _)| *name == word.text) {
            Some((_, read)) => read(self),
            None => Err(word.unknown(format!("{what} {}", list(names.clone())), names)),
        }
    }

    /// One or more, each different from those named before, up to a keyword, `|` or the end of the line.
    pub(crate) fn list<T: PartialEq + Copy>(
        &mut self,
        named: &mut Vec<T>,
        read: impl Fn(Word<'_>) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        let mut list = Vec::new();
        while list.is_empty() || !matches!(self.cursor.peek().text, "" | "|" | "at" | "via") {
            let word = self.word();
            let item = read(word)?;
            if named.contains(&item) {
                return Err(word.unexpected("each of them once"));
            }
            named.push(item);
            list.push(item);
        }
        Ok(list)
    }

    pub(crate) fn server_list(&mut self) -> Result<Vec<NodeId>, ParseError> {
        let cast = self.cast();
        self.list(&mut Vec::new(), |word| cast.server(word))
    }

    pub(crate) fn server(&mut self) -> Result<NodeId, ParseError> {
        let word = self.word();
        self.cast().server(word)
    }

    pub(crate) fn rule(&mut self) -> Result<Rule, ParseError> {
        let word = self.word();
        let names = Rule::ALL.iter().map(|rule| rule.name());
        Rule::named(word.text).ok_or_else(|| word.unknown("a rule such as own-term-commit", names))
    }

    pub(crate) fn link(&mut self) -> Result<Link, ParseError> {
        let word = self.word();
        self.cast().link(word)
    }

    /// A server, if that comes next and not a time.
    pub(crate) fn optional_server(&mut self) -> Result<Option<NodeId>, ParseError> {
        match self.cursor.peek().strip_prefix('S') {
            Some(_) => self.server().map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn optional_link(&mut self) -> Result<Option<Link>, ParseError> {
        match self.cursor.peek().split_once("->") {
            Some(_) => self.link().map(Some),
            None => Ok(None),
        }
    }

    pub(crate) fn key(&mut self) -> Result<raft_trace::Word, ParseError> {
        values::key(self.word(), "a key")
    }

    pub(crate) fn time(&mut self, range: &RangeInclusive<Duration>) -> Result<Duration, ParseError> {
        values::time(self.word(), range)
    }

    pub(crate) fn span(&mut self, range: &RangeInclusive<Duration>) -> Result<Span, ParseError> {
        values::span(self.word(), range)
    }

    /// What can only be judged once all is read: nothing comes behind the end.
    fn finish(mut self) -> Result<Scenario, ParseError> {
        let commands = self.scenario.script.drain(..).zip(self.command_times).zip(0..);
        let commands = commands.map(|((timed, word), n): (_, u32)| ((timed.at, n), (timed, word)));
        let commands: SortedMap<_, (Timed, Word<'_>)> = commands.collect();
        let is_end = |(_, (timed, _)): &&(_, (Timed, _))| timed.command == Command::End;
        if let Some(&((at, n), _)) = commands.iter().find(is_end) {
            let expected = || format!("a time before the end at {}", crate::print::Time(Duration(at.0)));
            if let Some((_, (_, word))) = commands.at_or_after(&(at, n + 1)) {
                return Err(word.unexpected(expected()));
            }
            if let Some((_, word)) = self.expect_times.iter().find(|(time, _)| *time > at) {
                return Err(word.unexpected(expected()));
            }
        }
        self.scenario.script = commands.into_iter().map(|(_, (timed, _))| timed).collect();
        Ok(self.scenario)
    }
}

/// Text for people, of limited length and without characters that cannot be shown.
pub(crate) fn limited(word: Word<'_>, text: &str, most: usize) -> Result<String, ParseError> {
    let length = text.chars().count();
    if length == 0 || length > most || text.chars().any(char::is_control) {
        return Err(word.unexpected(format!(
            "1 to {most} characters, none of them a control character"
        )));
    }
    Ok(text.to_owned())
}

/// `a, b or c`
pub(crate) fn list<'w>(names: impl Iterator<Item = &'w str>) -> String {
    let names: Vec<_> = names.collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
}
