using System.Text;
using MailSuite.Mda.Imap.Grammar;
using MailSuite.Mda.Search;
using MailSuite.Mda.Search.Evaluation;
using MailSuite.Mda.Search.Keys;
using MailSuite.Mda.Search.Sorting;
using MailSuite.Mda.Tests.Mime;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Search.Evaluation;

public sealed class SearchEvaluationTests
{
    private static readonly string[] Messages =
    [
        "From: Ann Müller <ann@example.org>\r\nTo: Bob <bob@example.net>, Eve <eve@example.org>\r\nSubject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus Bern\r\nDate: Mon, 23 Nov 2026 23:30:00 -0500\r\nMessage-ID: <1@x>\r\nX-Mark: yes\r\n\r\nThe quarterly\r\nreport of Zürich.\r\n",
        "From: bob@example.net\r\nTo: ann@example.org\r\nCc: carol@example.org\r\nSubject: Re: report\r\nDate: Tue, 24 Nov 2026 01:00:00 +0000\r\nMessage-ID: <2@x>\r\nReferences: <1@x>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n会議は東京で開きます。 Budget 2027.\r\n",
        "From: 王明 <wang@example.cn>\r\nTo: ann@example.org\r\nSubject: 你好\r\nDate: nonsense\r\nX-Mark:\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>한국어 <b>tex</b>t &amp; more</p><style>hidden</style>\r\n",
        "Subject: no author\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\nX-Inner: quarry\r\n\r\nfirst part\r\n--b\r\nContent-Type: text/csv; name=quartz.csv\r\nContent-Disposition: attachment\r\n\r\na,b,quarterly\r\n--b--\r\n",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ALL", "1 2 3 4")]
    [InlineData("BODY quarterly", "1 4")]
    [InlineData("BODY \"quarterly report\"", "1")]
    [InlineData("BODY quart", "1 4")]
    [InlineData("BODY ZÜRICH", "1")]
    [InlineData("BODY zurich", "")]
    [InlineData("BODY 会議", "2")]
    [InlineData("BODY 東", "2")]
    [InlineData("BODY 東京で", "2")]
    [InlineData("BODY 국어", "3")]
    [InlineData("BODY 2", "2")]
    [InlineData("BODY text", "3")]
    [InlineData("BODY hidden", "")]
    [InlineData("BODY quartz", "")]
    [InlineData("BODY subject", "")]
    [InlineData("BODY \"\"", "1 2 3 4")]
    [InlineData("TEXT quar", "1 4")]
    [InlineData("TEXT quartz", "4")]
    [InlineData("TEXT quarry", "4")]
    [InlineData("TEXT \"Subject: re\"", "2")]
    [InlineData("SUBJECT grüße", "1")]
    [InlineData("SUBJECT 好", "3")]
    [InlineData("FROM müller", "1")]
    [InlineData("FROM example", "1 2 3")]
    [InlineData("TO eve", "1")]
    [InlineData("CC carol", "2")]
    [InlineData("BCC x", "")]
    [InlineData("HEADER x-mark \"\"", "1 3")]
    [InlineData("HEADER X-Mark y", "1")]
    [InlineData("HEADER X-Inner quarry", "")]
    [InlineData("NOT FROM example", "4")]
    [InlineData("OR BODY 会議 BODY quarterly", "1 2 4")]
    [InlineData("BODY quarterly NOT SUBJECT author", "1")]
    [InlineData("(FROM ann TO bob) 1:3", "1")]
    [InlineData("2:*", "2 3 4")]
    [InlineData("*", "4")]
    [InlineData("9", "")]
    [InlineData("UID 2,4:9", "2 4")]
    [InlineData("SENTON 23-Nov-2026", "1")]
    [InlineData("SENTSINCE 24-Nov-2026", "2")]
    [InlineData("SENTBEFORE 24-Nov-2026", "1")]
    [InlineData("SINCE 1-Jan-2026", "1 2 3 4")]
    [InlineData("BEFORE 1-Jan-2026", "")]
    [InlineData("SAVEDSINCE 1-Jan-2026", "1 2 3 4")]
    [InlineData("SAVEDBEFORE 1-Jan-2026", "")]
    [InlineData("UNSEEN", "1 2 3 4")]
    [InlineData("SEEN", "")]
    [InlineData("OLD", "1 2 3 4")]
    [InlineData("OR NEW RECENT", "")]
    [InlineData("KEYWORD $Forwarded", "")]
    [InlineData("UNKEYWORD todo", "1 2 3 4")]
    [InlineData("EMAILID M2", "2")]
    [InlineData("EMAILID X2", "")]
    [InlineData("THREADID T0", "")]
    [InlineData("SMALLER 10", "")]
    [InlineData("LARGER 10", "1 2 3 4")]
    [InlineData("YOUNGER 3600", "1 2 3 4")]
    [InlineData("OLDER 3600", "")]
    [InlineData("MODSEQ 1", "1 2 3 4")]
    [InlineData("MODSEQ \"/flags/\\\\draft\" all 99", "")]
    public async Task Finds_what_the_criteria_say_before_and_after_it_is_indexed(string criteria, string found)
    {
        await using var scene = new MdaScene();
        var box = await FillAsync(scene, Messages.Select(text => Encoding.UTF8.GetBytes(text)));

        Assert.Equal(found, await FindAsync(scene, box, criteria));
        await IndexAsync(scene);
        Assert.Equal(found, await FindAsync(scene, box, criteria));
    }

    [Fact]
    public async Task Finds_by_the_index_what_scanning_every_message_finds()
    {
        await using var scene = new MdaScene(options => options with { Search = new SearchOptions { MaxTextOctets = 2000 } });
        List<byte[]> octets = [.. OddMails.All.Select(mail => mail.Octets), .. TestVectors.Messages().Select(File.ReadAllBytes).Where(mail => mail.Length > 0)];
        var box = await FillAsync(scene, octets);
        var queries = Queries(octets).ToList();

        var scanned = new List<string>();
        foreach (var query in queries)
            scanned.Add(await FindAsync(scene, box, query));
        await IndexAsync(scene);

        for (var i = 0; i < queries.Count; i++)
            Assert.True(scanned[i] == await FindAsync(scene, box, queries[i]), queries[i]);
        Assert.True(scanned.Count(found => found.Length > 0) > queries.Count / 10);
    }

    [Theory]
    [InlineData("SUBJECT", "1 4 2 3")]
    [InlineData("REVERSE SUBJECT", "3 2 4 1")]
    [InlineData("FROM", "4 1 2 3")]
    [InlineData("DISPLAYFROM", "4 1 2 3")]
    [InlineData("CC", "1 3 4 2")]
    [InlineData("ARRIVAL", "1 2 3 4")]
    [InlineData("REVERSE ARRIVAL", "4 3 2 1")]
    public async Task Sorts_by_each_key(string keys, string order)
    {
        await using var scene = new MdaScene();
        var box = await FillAsync(scene, Messages.Select(text => Encoding.UTF8.GetBytes(text)));
        for (var i = 0; i < 2; i++)
        {
            using var open = await scene.Store.Open.OpenAsync(box, Cancellation);
            var reading = scene.Services.GetRequiredService<SearchReading>();
            var sorted = await MessageSorting.SortAsync(reading, open!.Current, [.. Enumerable.Range(0, open.Current.Count)], Keys(keys), Cancellation);
            Assert.Equal(order, string.Join(' ', sorted.Select(index => index + 1)));
            await IndexAsync(scene);
        }
    }

    internal static async Task<MailboxId> FillAsync(MdaScene scene, IEnumerable<byte[]> messages)
    {
        var ann = await scene.AddAccountAsync("ann@example.org");
        var box = (await scene.MailboxAsync(ann)).Id;
        var count = 0;
        foreach (var message in messages)
        {
            var append = new MessageAppend(DeliveryId.New(scene.Clock), new MemoryContent(message), MessageFlags.None, scene.Clock.GetUtcNow().AddMilliseconds(-1000 + count++), null);
            var outcome = await scene.Mailboxes.AppendAsync(ann.Id, box, append, Cancellation);
            Assert.IsType<AppendOutcome.Appended>(outcome);
        }

        return box;
    }

    internal static async Task IndexAsync(MdaScene scene)
    {
        while (await scene.Services.GetRequiredService<SearchIndexing>().IndexBatchAsync(Cancellation) > 0)
        {
        }
    }

    internal static async Task<string> FindAsync(MdaScene scene, MailboxId box, string criteria)
    {
        using var open = await scene.Store.Open.OpenAsync(box, Cancellation);
        var evaluation = new SearchEvaluation(
            scene.Services.GetRequiredService<SearchReading>(), scene.Store.Keywords, SearchScope.Of(open!.Current), scene.Clock.GetUtcNow(), null, Cancellation);
        return string.Join(' ', (await evaluation.RunAsync(Criterion(criteria))).Indexes().Select(index => index + 1));
    }

    private static SearchCriterion Criterion(string text)
    {
        // Quoted strings may be UTF-8; what is no atom is put between quotes.
        var quoted = text.Contains('{', StringComparison.Ordinal) ? text : string.Join(' ', text.Split(' ').Select(word => Ascii.IsValid(word) ? word : $"\"{word}\""));
        var parser = new ImapParser(Encoding.UTF8.GetBytes(quoted));
        Assert.Equal(SearchRefusal.None, SearchGrammar.TryRead(ref parser, charsetIsRequired: false, out var program));
        return program.Criterion;
    }

    private static SortKey[] Keys(string text)
    {
        var parser = new ImapParser(Encoding.ASCII.GetBytes($"({text})"));
        Assert.True(SortKey.TryReadList(ref parser, out var keys));
        return [.. keys];
    }

    /// <summary>Pieces of the messages themselves, so that most are found somewhere.</summary>
    private static IEnumerable<string> Queries(List<byte[]> messages)
    {
        var random = new Random(7);
        string[] keys = ["BODY", "TEXT", "SUBJECT", "FROM", "TO", "HEADER Content-Type", "NOT BODY", "HEADER Received"];
        for (var i = 0; i < 300; i++)
        {
            var message = Encoding.UTF8.GetString(messages[random.Next(messages.Count)]);
            var length = random.Next(1, 14);
            var at = random.Next(Math.Max(1, message.Length - length));
            var piece = new string([.. message.Skip(at).Take(length).Where(c => c is not ('"' or '\\') && !char.IsControl(c) && !char.IsSurrogate(c))]);
            if (piece.Length > 0)
                yield return $"{keys[random.Next(keys.Length)]} {{{Encoding.UTF8.GetByteCount(piece)}}}\r\n{piece}";
        }
    }
}
