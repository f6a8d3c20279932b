using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using MailKit.Security;
using MailSuite.Suite.Tests.Support;
using MimeKit;

namespace MailSuite.Suite.Tests.Clients;

/// <summary>MailKit, which uses more extensions of IMAP than any other client library, in our mailboxes.</summary>
public sealed class MailKitImapTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signs_in_by_every_mechanism_and_both_ways_to_TLS()
    {
        using var ann = await Person.WithMailAsync(server);
        foreach (var (port, security) in new[] { (ann.ImapPort, SecureSocketOptions.StartTls), (ann.ImapsPort, SecureSocketOptions.SslOnConnect) })
        {
            foreach (var sasl in new SaslMechanism[]
            {
                new SaslMechanismPlain(ann.Address, ann.Password), new SaslMechanismLogin(ann.Address, ann.Password),
                new SaslMechanismScramSha256(ann.Address, ann.Password), new SaslMechanismScramSha256Plus(ann.Address, ann.Password),
            })
            {
                using var client = NewClient();
                await client.ConnectAsync("127.0.0.1", port, security, Cancellation);
                await client.AuthenticateAsync(sasl, Cancellation);
                Assert.Equal(0, (await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancellation)).HasFlag(FolderAccess.ReadWrite) ? 1 : 0);
                await client.DisconnectAsync(quit: true, Cancellation);
            }
        }
    }

    [Fact]
    public async Task Lives_through_COMPRESS()
    {
        using var ann = await Person.WithMailAsync(server, "Squeezed");
        using var client = await ConnectAsync(ann);
        Assert.True(client.Capabilities.HasFlag(ImapCapabilities.Compress));
        await client.CompressAsync(Cancellation);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancellation);
        var message = await client.Inbox.GetMessageAsync(0, Cancellation);
        Assert.Equal("Squeezed", message.Subject);
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Resynchronises_by_QRESYNC()
    {
        using var ann = await Person.WithMailAsync(server, "One", "Two", "Three");
        using var client = await ConnectAsync(ann);
        await client.EnableQuickResyncAsync(Cancellation);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, Cancellation);
        var (uidValidity, modSeq) = (inbox.UidValidity, inbox.HighestModSeq);
        var known = await inbox.SearchAsync(SearchQuery.All, Cancellation);
        await inbox.CloseAsync(expunge: false, Cancellation);

        using (var other = await ConnectAsync(ann))
        {
            await other.Inbox!.OpenAsync(FolderAccess.ReadWrite, Cancellation);
            await other.Inbox.AddFlagsAsync([known[1]], MessageFlags.Flagged, silent: true, Cancellation);
            await other.Inbox.AddFlagsAsync([known[0]], MessageFlags.Deleted, silent: true, Cancellation);
            await other.Inbox.ExpungeAsync(Cancellation);
            await other.DisconnectAsync(quit: true, Cancellation);
        }

        var (vanished, changed) = (new List<UniqueId>(), new List<(UniqueId?, MessageFlags)>());
        inbox.MessagesVanished += (_, e) =>
        {
            Assert.True(e.Earlier);
            vanished.AddRange(e.UniqueIds);
        };
        inbox.MessageFlagsChanged += (_, e) => changed.Add((e.UniqueId, e.Flags));
        await inbox.OpenAsync(FolderAccess.ReadWrite, uidValidity, modSeq, known, Cancellation);
        Assert.Equal([known[0]], vanished);
        Assert.Contains((known[1], MessageFlags.Flagged), changed);
        Assert.Equal(2, inbox.Count);
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Hears_of_new_mail_while_IDLE()
    {
        using var ann = await Person.WithMailAsync(server);
        using var client = await ConnectAsync(ann);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancellation);
        using var done = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        client.Inbox.CountChanged += (_, _) => done.Cancel();
        var idle = client.IdleAsync(done.Token, Cancellation);
        await ann.ReceiveAsync("Pushed");
        await idle;
        Assert.Equal(1, client.Inbox.Count);
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Sorts_threads_and_searches()
    {
        using var ann = await Person.WithMailAsync(server, "Beta", "Alpha", "Re: Beta");
        using var client = await ConnectAsync(ann);
        var inbox = client.Inbox!;
        await inbox.OpenAsync(FolderAccess.ReadOnly, Cancellation);
        var sorted = await inbox.SortAsync(SearchQuery.All, [OrderBy.Subject], Cancellation);
        Assert.Equal([2u, 1u, 3u], sorted.Select(uid => uid.Id));
        var threads = await inbox.ThreadAsync(ThreadingAlgorithm.References, SearchQuery.All, Cancellation);
        Assert.Equal(2, threads.Count);
        Assert.Equal([1u, 3u], threads.Single(thread => thread.Children.Count > 0 || thread.UniqueId?.Id == 1) is var beta ? [beta.UniqueId!.Value.Id, beta.Children[0].UniqueId!.Value.Id] : []);
        Assert.Equal([2u], (await inbox.SearchAsync(SearchQuery.BodyContains("body of Alp"), Cancellation)).Select(uid => uid.Id));
        var result = await inbox.SearchAsync(SearchOptions.Count | SearchOptions.Min | SearchOptions.Max, SearchQuery.SubjectContains("Beta"), Cancellation);
        Assert.Equal((2, 1u, 3u), (result.Count, result.Min!.Value.Id, result.Max!.Value.Id));
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Appends_replaces_copies_and_moves()
    {
        using var ann = await Person.WithMailAsync(server, "Here");
        using var client = await ConnectAsync(ann);
        var inbox = client.Inbox!;
        var archive = client.GetFolder(SpecialFolder.Archive)!;
        await inbox.OpenAsync(FolderAccess.ReadWrite, Cancellation);
        var appended = await inbox.AppendAsync([new AppendRequest(Message("One")), new AppendRequest(Message("Two"), MessageFlags.Seen)], Cancellation);
        Assert.Equal([2u, 3u], appended.Select(uid => uid.Id));
        var copied = await inbox.CopyToAsync([new UniqueId(inbox.UidValidity, 2)], archive, Cancellation);
        var moved = await inbox.MoveToAsync([new UniqueId(inbox.UidValidity, 3)], archive, Cancellation);
        Assert.Equal([1u, 2u], copied.Destination.Concat(moved.Destination).Select(uid => uid.Id));
        Assert.Equal(2, inbox.Count);
        await archive.StatusAsync(StatusItems.Count | StatusItems.Size | StatusItems.HighestModSeq | StatusItems.Unread, Cancellation);
        Assert.Equal((2, 1), (archive.Count, archive.Unread));
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Reads_what_a_list_shows()
    {
        using var ann = await Person.WithMailAsync(server, "Shown");
        using var client = await ConnectAsync(ann);
        await client.Inbox!.OpenAsync(FolderAccess.ReadOnly, Cancellation);
        var summary = Assert.Single(await client.Inbox.FetchAsync(0, -1,
            MessageSummaryItems.UniqueId | MessageSummaryItems.Envelope | MessageSummaryItems.BodyStructure | MessageSummaryItems.PreviewText | MessageSummaryItems.ModSeq
            | MessageSummaryItems.EmailId | MessageSummaryItems.ThreadId | MessageSummaryItems.SaveDate | MessageSummaryItems.Size | MessageSummaryItems.Headers, Cancellation));
        Assert.Equal("Shown", summary.Envelope!.Subject);
        Assert.StartsWith("body of Shown", summary.PreviewText, StringComparison.Ordinal);
        Assert.NotNull(summary.EmailId);
        Assert.NotNull(summary.ThreadId);
        Assert.NotNull(summary.SaveDate);
        Assert.Equal("text/plain", summary.TextBody!.ContentType.MimeType);
        Assert.Equal("<carol@example.net>", summary.Headers![HeaderId.ReturnPath]);
        await client.DisconnectAsync(quit: true, Cancellation);
    }

    [Fact]
    public async Task Shares_annotates_and_counts()
    {
        using var ann = await Person.WithMailAsync(server, "Counted");
        using var bob = await Person.WithMailAsync(server);
        using var client = await ConnectAsync(ann);
        var folder = (await client.GetFolder(client.PersonalNamespaces[0]).CreateAsync("Shared", isMessageFolder: true, Cancellation))!;
        await folder.AddAccessRightsAsync(bob.Address, new AccessRights("lrs"), Cancellation);
        Assert.Contains(await folder.GetAccessControlListAsync(Cancellation), entry => entry.Name == bob.Address);
        await folder.SetMetadataAsync(new MetadataCollection { new Metadata(MetadataTag.PrivateComment, "For Bob") }, Cancellation);
        Assert.Equal("For Bob", await folder.GetMetadataAsync(MetadataTag.PrivateComment, Cancellation));
        Assert.True(client.Capabilities.HasFlag(ImapCapabilities.Quota));
        Assert.NotNull(await client.Inbox!.GetQuotaAsync(Cancellation));
        await client.DisconnectAsync(quit: true, Cancellation);

        using var other = await ConnectAsync(bob);
        var shared = await other.GetFoldersAsync(Assert.Single(other.OtherNamespaces), cancellationToken: Cancellation);
        Assert.Contains(shared, candidate => candidate.Name == "Shared");
        await other.DisconnectAsync(quit: true, Cancellation);
    }

    private static ImapClient NewClient() => new() { ServerCertificateValidationCallback = static (_, certificate, _, _) => certificate is not null };

    private static async Task<ImapClient> ConnectAsync(Person person)
    {
        var client = NewClient();
        await client.ConnectAsync("127.0.0.1", person.ImapsPort, SecureSocketOptions.SslOnConnect, Cancellation);
        await client.AuthenticateAsync(person.Address, person.Password, Cancellation);
        return client;
    }

    private static MimeMessage Message(string subject) => new([MailboxAddress.Parse("ann@example.org")], [MailboxAddress.Parse("bob@example.org")], subject, new TextPart("plain") { Text = "Hello." });
}
