using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Imap.Searching;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Sorting;
using MailSuite.Mda.Search.Text;
using MailSuite.Testing.Fuzz;

namespace MailSuite.Mda.Tests.Search;

/// <summary>Whatever comes as criteria, as keys, as a message: it is read or refused, in bounded memory. Described in CONTRIBUTING.md.</summary>
public sealed class SearchFuzzTests
{
    private static readonly string[] Criteria =
    [
        "ALL", "OR (SEEN NOT 1:*,4) UID 1:9", "CHARSET UTF-8 BODY \"\xc3\xa4\"", "HEADER X {3+}\r\nabc", "MODSEQ \"/flags/\\\\seen\" all 12", "SENTON 1-Jan-2026 LARGER 10",
        "RETURN (MIN MAX PARTIAL -1:-9 SAVE) $", "NOT NOT NOT ((ALL) KEYWORD $Forwarded)", "OLDER 9 EMAILID M1 THREADID T2", "SAVEDSINCE \"1-Feb-2026\" TEXT {0}\r\n",
    ];

    private static readonly string[] Words = ["(", ")", " ", "NOT ", "OR ", "UID ", "RETURN ", "\"", "{4+}\r\n", "1:*", "*", "$", "99999999999999999999", "\xff", "[", "RE:", "FWD"];

    private static readonly FuzzTarget[] All =
    [
        Of("search: criteria", Criteria, input =>
        {
            var parser = new ImapParser(input);
            if (SearchReturn.TryRead(ref parser, out _))
                SearchGrammar.TryRead(ref parser, charsetIsRequired: false, out _);
        }),
        Of("search: sort keys", ["(DATE)", "(REVERSE SUBJECT FROM)", "(DISPLAYTO CC)"], input =>
        {
            var parser = new ImapParser(input);
            SortKey.TryReadList(ref parser, out _);
        }),
        Of("search: sources", ["IN (personal subtree (a b)) ", "IN (mailboxes INBOX selected) ", "IN (subtree-one \"x y\") "], input =>
        {
            var parser = new ImapParser(input);
            SearchSources.TryRead(ref parser, utf8: true, out _);
        }),
        Of("search: base subject", ["RE: [A] FWD: X (FWD)", "[FWD: [B] RE[2]: Y]"], input => BaseSubject.Of(Encoding.Latin1.GetString(input))),
        Of("search: folding", ["\u00c4\u0308\ufb01 \u3000\u00ad", "\ud55c\u30ac"], input => FoldedText.WithoutAccents(FoldedText.Of(Encoding.UTF8.GetString(input)))),
    ];

    public static TheoryData<string> Targets => [.. All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Targets))]
    public async Task Holds_for_whatever_comes(string target)
    {
        var result = await FuzzCampaign.RunAsync(All, target, TestContext.Current.CancellationToken);

        Assert.True(result.Findings.Count == 0, $"{result}\n{string.Join("\n\n", result.Findings)}");
    }

    private static FunctionTarget Of(string name, string[] corpus, Action<byte[]> check) => new(name, random => new Mutator(random).Text(corpus, Words), input => check(input.Octets));
}
