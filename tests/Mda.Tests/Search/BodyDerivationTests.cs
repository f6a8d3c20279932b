using System.Text;
using MailSuite.Mda.Mime;
using MailSuite.Mda.Search;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Search;

public sealed class BodyDerivationTests
{
    private const string Trace = "Return-Path: <bob@example.net>\r\nDelivered-To: ann@example.org\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_delivery_files_what_imap_says_of_a_message_in_memory()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");

        await scene.DeliverAsync(MdaScene.Message("Hello"), "ann@example.org");

        await using var tables = scene.OpenTables();
        var wire = await tables.Set<BodyWireRow>().SingleAsync(Cancellation);
        var head = await tables.Set<BodyHeadRow>().SingleAsync(Cancellation);
        var whole = Trace + MdaScene.Text(MdaScene.Message("Hello"));
        Assert.Contains("\"Hello\"", Encoding.ASCII.GetString(wire.Envelope), StringComparison.Ordinal);
        Assert.Equal("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 15 1 NIL NIL NIL NIL)", Encoding.ASCII.GetString(wire.Structure));
        Assert.Equal(whole[..(whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], Encoding.ASCII.GetString(head.Head));
        Assert.Equal(new OctetRange(head.Head.Length, 15), MessageIndex.Parse(wire.Parts)!.Message.Body);
    }

    [Fact]
    public async Task What_a_delivery_left_follows_behind_and_is_the_same()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 100 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var message = MdaScene.Message(body: new string('x', 300));
        await scene.DeliverAsync(new StreamedContent(message), "ann@example.org");
        await using var tables = scene.OpenTables();
        Assert.Empty(await tables.Set<BodyWireRow>().ToListAsync(Cancellation));

        Assert.True(await scene.Services.GetRequiredService<BodyDerivation>().DeriveBatchAsync(Cancellation));
        Assert.False(await scene.Services.GetRequiredService<BodyDerivation>().DeriveBatchAsync(Cancellation));

        message.TryGetMemory(out var octets);
        var expected = WireFacts.Of(Encoding.ASCII.GetBytes(Trace), octets.Span);
        var wire = await tables.Set<BodyWireRow>().SingleAsync(Cancellation);
        Assert.Equal(expected.Envelope, wire.Envelope);
        Assert.Equal(expected.Structure, wire.Structure);
        Assert.Equal(expected.Parts, wire.Parts);
        Assert.StartsWith(Trace, Encoding.ASCII.GetString((await tables.Set<BodyHeadRow>().SingleAsync(Cancellation)).Head), StringComparison.Ordinal);
        Assert.NotEmpty((await scene.MessagesAsync(ann)).Single().Preview!);
    }

    [Theory]
    [InlineData(DerivedFacts.MaxHeadOctets, true)]
    [InlineData(DerivedFacts.MaxHeadOctets + 1, false)]
    public async Task A_header_is_kept_apart_to_its_limit(int octets, bool kept)
    {
        const string End = "\r\n\r\n";
        var message = MdaScene.Octets("Subject: " + new string('x', octets - Trace.Length - 9 - End.Length) + End + "body\r\n");

        var facts = await DerivedFacts.ReadAsync(Encoding.ASCII.GetBytes(Trace), message, Cancellation);
        var stored = await DerivedFacts.ReadStoredAsync(new PrefixedContent(Encoding.ASCII.GetBytes(Trace), message), Cancellation);

        Assert.Equal(octets, facts.Wire!.Index.Message.HeaderOctets);
        Assert.Equal(kept, facts.Head is not null);
        Assert.Equal(facts.Head, stored.Head);
    }

    [Theory]
    [InlineData(DerivedFacts.MaxWireOctets, true)]
    [InlineData(DerivedFacts.MaxWireOctets + 1, false)]
    public async Task A_message_is_taken_apart_before_it_is_filed_to_its_limit(int octets, bool at)
    {
        var facts = await DerivedFacts.ReadAsync(default, MdaScene.Octets("Subject: x\r\n\r\n" + new string('y', octets - 14)), Cancellation);

        Assert.Equal(at, facts.Wire is not null);
        Assert.Equal("x", facts.Header.Subject);
    }

    [Fact]
    public async Task Another_version_makes_everything_anew()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await using (var tables = scene.OpenTables())
        {
            await tables.Database.ExecuteSqlRawAsync("UPDATE store_state SET value = 99 WHERE name IN ('wire_version', 'derived_body')", Cancellation);
            await tables.Database.ExecuteSqlRawAsync("UPDATE body_wire SET envelope = x'00'", Cancellation);
        }

        Assert.True(await scene.Services.GetRequiredService<BodyDerivation>().DeriveBatchAsync(Cancellation));

        await using var after = scene.OpenTables();
        Assert.Equal(WireFacts.Version, (await after.State.SingleAsync(row => row.Name == StoreStateRow.WireVersion, Cancellation)).Value);
        Assert.StartsWith("(NIL \"Hello\" ", Encoding.ASCII.GetString((await after.Set<BodyWireRow>().SingleAsync(Cancellation)).Envelope), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_does_not_stop_the_others()
    {
        await using var scene = new MdaScene(options => options with { LargeMessageOctets = 100 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(new StreamedContent(MdaScene.Message(body: new string('x', 300))), "ann@example.org");
        await scene.DeliverAsync(new StreamedContent(MdaScene.Message(body: new string('y', 300))), "ann@example.org");
        File.Delete(Path.Combine(scene.Directory, "bodies", await FirstFileAsync(scene)));

        await scene.Services.GetRequiredService<BodyDerivation>().DeriveBatchAsync(Cancellation);

        Assert.Equal(["", new string('y', 200)], (await scene.MessagesAsync(ann)).OrderBy(message => message.Uid.Value).Select(message => message.Preview));
        await using var tables = scene.OpenTables();
        Assert.Single(await tables.Set<BodyWireRow>().ToListAsync(Cancellation));
    }

    private static async Task<string> FirstFileAsync(MdaScene scene)
    {
        await using var tables = scene.OpenTables();
        return (await tables.Bodies.OrderBy(body => body.Id).FirstAsync(Cancellation)).File!;
    }

    /// <summary>A message that is not in memory.</summary>
    private sealed class StreamedContent(IMessageContent content) : IMessageContent
    {
        public long Octets => content.Octets;

        public bool TryGetMemory(out ReadOnlyMemory<byte> octets)
        {
            octets = default;
            return false;
        }

        public Stream OpenRead() => content.OpenRead();
    }
}
