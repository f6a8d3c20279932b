using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>The IMAP server with ann's mailboxes, which a test fills by the store itself.</summary>
internal sealed class MailboxScene : IAsyncDisposable
{
    public const string Simple = "From: Bob <bob@example.net>\r\nTo: ann@example.org\r\nSubject: Hello\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.net>\r\n\r\nGood morning.\r\n";

    private MailboxScene(ImapScene imap, Account ann)
    {
        Imap = imap;
        Ann = ann;
    }

    public ImapScene Imap { get; }

    public Account Ann { get; }

    public MessageStore Messages => Imap.Mda.Services.GetRequiredService<MessageStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<MailboxScene> CreateAsync(Func<MdaOptions, MdaOptions>? configure = null)
    {
        var imap = new ImapScene(mda: configure);
        return new MailboxScene(imap, await imap.Mda.AddAccountAsync("ann@example.org"));
    }

    /// <summary>Puts messages of a few words into a mailbox.</summary>
    public async Task FillAsync(int count, MessageFlags flags = MessageFlags.None, SpecialUse box = SpecialUse.Inbox)
    {
        for (var i = 0; i < count; i++)
            await AppendAsync(Simple, flags, box);
    }

    public async Task<Uid> AppendAsync(string message, MessageFlags flags = MessageFlags.None, SpecialUse box = SpecialUse.Inbox, JourneyId? journey = null)
    {
        var mailbox = await Imap.Mda.MailboxAsync(Ann, box);
        var content = new MemoryContent(Encoding.Latin1.GetBytes(message));
        var outcome = await Imap.Mda.Mailboxes.AppendAsync(Ann.Id, mailbox.Id, new MessageAppend(DeliveryId.New(TimeProvider.System), content, flags, Imap.Clock.GetUtcNow(), journey), Cancellation);
        return Assert.IsType<AppendOutcome.Appended>(outcome).Uid;
    }

    /// <summary>A session of ann that has INBOX selected.</summary>
    public async Task<ImapClient> SelectAsync(string command = "SELECT INBOX", params string[] before)
    {
        var client = await Imap.SignInAsync();
        foreach (var first in before)
            await client.OkAsync(first);
        await client.OkAsync(command);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(Imap.Log.Errors);
        await Imap.DisposeAsync();
    }
}
