using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Imap.Fuzz;

/// <summary>Whatever a client says: nothing throws, nothing hangs, nothing grows. Described in CONTRIBUTING.md.</summary>
public sealed class ImapFuzzTests
{
    private static readonly IReadOnlyList<FuzzTarget> All =
    [
        new FunctionTarget("imap grammar", static random => new Mutator(random).Text(ImapCorpus.Values, ImapCorpus.Words), Grammar),
        new FunctionTarget("imap names of mailboxes", static random => new Mutator(random).Text(ImapCorpus.Values, ImapCorpus.Words), Names),
        new ImapSessionTarget("imap session: connected", ""),
        new ImapSessionTarget("imap session: signed in", ImapCorpus.SignIn),
        new ImapSessionTarget("imap session: selected", ImapCorpus.Select),
        new ImapSessionTarget("imap session: examined", ImapCorpus.SignIn + "t EXAMINE INBOX\r\n"),
        new ImapSessionTarget("imap session: rev2 and QRESYNC", ImapCorpus.SignIn + "e ENABLE IMAP4rev2 QRESYNC UTF8=ACCEPT\r\nt SELECT INBOX\r\n"),
        new ImapSessionTarget("imap session: UIDONLY", ImapCorpus.SignIn + "e ENABLE UIDONLY\r\nt SELECT INBOX\r\n"),
        new ImapSessionTarget("imap session: in IDLE", ImapCorpus.Select + "i IDLE\r\n"),
        new ImapSessionTarget("imap session: in AUTHENTICATE", "a AUTHENTICATE PLAIN\r\n"),
        new ImapSessionTarget("imap session: in a literal", "a LOGIN {20+}\r\nabc"),
    ];

    public static TheoryData<string> Targets => [.. All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public async Task Holds_for_whatever_comes(string target)
    {
        var result = await FuzzCampaign.RunAsync(All, target, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }

    private delegate bool Attempt(ref ImapParser parser);

    private static readonly (string Name, Attempt Try)[] Attempts =
    [
        ("tag", static (ref parser) => parser.TryTag(out _)),
        ("atom", static (ref parser) => parser.TryAtom(out _)),
        ("astring", static (ref parser) => parser.TryAString(out _)),
        ("string", static (ref parser) => parser.TryString(out _)),
        ("nstring", static (ref parser) => parser.TryNString(out _, out _)),
        ("literal8", static (ref parser) => parser.TryLiteral8(out _)),
        ("message", static (ref parser) => parser.TryMessage(out _)),
        ("number", static (ref parser) => parser.TryNumber(out _)),
        ("nz-number", static (ref parser) => parser.TryNonZeroNumber(out _)),
        ("number64", static (ref parser) => parser.TryNumber64(out _)),
        ("sequence-set", static (ref parser) => parser.TrySequenceSet(out _)),
        ("uid-set", static (ref parser) => parser.TryUidSet(out _)),
        ("list-mailbox", static (ref parser) => parser.TryListMailbox(out _)),
        ("mailbox", static (ref parser) => parser.TryMailbox(utf8: false, out _)),
        ("flag", static (ref parser) => parser.TryFlag(out _)),
        ("flag-list", static (ref parser) => parser.TryFlagList(out _, out _)),
        ("flags", static (ref parser) => parser.TryFlags(out _, out _)),
        ("date", static (ref parser) => parser.TryDate(out _)),
        ("date-time", static (ref parser) => parser.TryDateTime(out _)),
        ("word", static (ref parser) => parser.TryWord("FLAGS"u8)),
    ];

    /// <summary>At every place each attempt either finds something and goes on, or finds nothing and stays.</summary>
    private static void Grammar(FuzzInput input)
    {
        var octets = input.Octets.AsSpan();
        for (var start = 0; start <= Math.Min(octets.Length, 64); start++)
        {
            foreach (var (name, attempt) in Attempts)
            {
                var parser = new ImapParser(octets[start..]);
                var found = attempt(ref parser);
                FuzzException.Unless(found ? parser.Position > 0 : parser.Position == 0, name, $"{found} and {parser.Position} octets at {start}");
                FuzzException.Unless(parser.Position <= octets.Length - start, name, "it went beyond the end");
            }
        }
    }

    /// <summary>A name that can be read is written so that it is read again.</summary>
    private static void Names(FuzzInput input)
    {
        foreach (var utf8 in new[] { false, true })
        {
            if (!MailboxNameText.TryDecode(input.Octets, utf8, out var name))
                continue;
            var wire = MailboxNameText.Encode(name, utf8);
            FuzzException.Unless(utf8 || Ascii.IsValid(wire), "name", "not ASCII");
            FuzzException.Unless(MailboxNameText.TryDecode(Encoding.UTF8.GetBytes(wire), utf8, out var again) && again == name, "name", $"{name} came back as {again}");
        }
    }
}
