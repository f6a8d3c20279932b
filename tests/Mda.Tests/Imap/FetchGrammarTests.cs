using System.Text;
using CsCheck;
using MailSuite.Mda.Imap.Grammar;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>The grammar of FETCH, STORE and SELECT: whatever octets come, it says yes or no, and yes only to the whole.</summary>
public sealed class FetchGrammarTests
{
    private static readonly Gen<string> Pieces = Gen.OneOf(
        " ", "(", ")", "[", "]", "<0.1>", "<", "BODY", "BODY.PEEK", "BINARY.SIZE", "BINARY", "UID", "FLAGS", ".SILENT", "+", "-", "ALL", "PREVIEW", "LAZY", "HEADER", ".FIELDS", ".NOT", "TEXT", ".MIME", "1", "1.2.", "0",
        "CHANGEDSINCE", "VANISHED", "PARTIAL", "-1:-2", "1:9", "UNCHANGEDSINCE", "\\Seen", "work", "CONDSTORE", "QRESYNC", "$", "*", "99999999999999999999", "\"a\"", "{1}\r\na", "{3}", "\0", "é");

    [Fact]
    public void Is_never_at_a_loss() => Pieces.Array[0, 16].Sample(pieces =>
    {
        var octets = Encoding.UTF8.GetBytes(string.Concat(pieces));
        var fetch = new ImapParser(octets);
        if (fetch.TryFetchArguments(out var asked) && (!fetch.IsAtEnd || asked.Items.Count is 0 or > FetchLimits.MaxItems))
            return false;
        var store = new ImapParser(octets);
        if (store.TryStoreArguments(out _) && !store.IsAtEnd)
            return false;
        var select = new ImapParser(octets);
        return !select.TrySelectParameters(out _) || select.IsAtEnd;
    });
}
