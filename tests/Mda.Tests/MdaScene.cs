using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MailSuite.Mda.Tests;

/// <summary>A whole Mda on a directory of its own. Previews and sweeps run only where a test starts the hosted services.</summary>
internal sealed class MdaScene : IAsyncDisposable
{
    private readonly TempDirectory? _own;

    /// <param name="add">Services beside those of the module.</param>
    public MdaScene(Func<MdaOptions, MdaOptions>? configure = null, string? directory = null, TimeProvider? clock = null, Action<IServiceCollection>? add = null)
    {
        _own = directory is null ? new TempDirectory() : null;
        Directory = directory ?? _own!.Path;
        Clock = clock ?? TimeProvider.System;
        var options = new MdaOptions { DataDirectory = Directory, HostName = "mx.example.org", Domains = [Domain.Parse("example.org")], MinFreeOctets = 0 };
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(Clock)
            .AddSingleton<IJourneyRecorder>(Journeys)
            .AddMda(configure?.Invoke(options) ?? options);
        add?.Invoke(services);
        Services = services.BuildServiceProvider();
    }

    public string Directory { get; }

    public TimeProvider Clock { get; }

    public ServiceProvider Services { get; }

    public RecordedJourneys Journeys { get; } = new();

    public ILocalDelivery Delivery => Services.GetRequiredService<ILocalDelivery>();

    public IAccounts Accounts => Services.GetRequiredService<IAccounts>();

    public IRecipientDirectory Recipients => Services.GetRequiredService<IRecipientDirectory>();

    public IMailboxes Mailboxes => Services.GetRequiredService<IMailboxes>();

    public MailStore Store => Services.GetRequiredService<MailStore>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static EnvelopeAddress Address(string text) => EnvelopeAddress.Parse(text);

    public static IMessageContent Message(string subject = "Hello", string body = "Good morning.", string from = "Bob <bob@example.net>") =>
        Octets($"From: {from}\r\nTo: Ann <ann@example.org>\r\nSubject: {subject}\r\nMessage-ID: <1@example.net>\r\n\r\n{body}\r\n");

    public static IMessageContent Octets(string text) => new MemoryContent(Encoding.UTF8.GetBytes(text));

    public static string Text(IMessageContent content)
    {
        using var reader = new StreamReader(content.OpenRead(), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Waits for what happens behind a call.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(10, Cancellation);
    }

    /// <summary>Makes an account in one write, without the 100 ms that hashing a password takes.</summary>
    public async Task<Account> AddAccountAsync(string address)
    {
        var entry = await Services.GetRequiredService<Mda.Accounts.AccountDirectory>().FindOrAddAsync(Address(address), Cancellation);
        return entry.Account;
    }

    public async Task<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(IMessageContent content, params string[] recipients) =>
        await DeliverAsync(DeliveryId.New(Clock), content, recipients);

    public async Task<IReadOnlyList<LocalDeliveryOutcome>> DeliverAsync(DeliveryId id, IMessageContent content, params string[] recipients) =>
        await Delivery.DeliverAsync(
            new LocalDelivery(id, JourneyId.New(Clock), ReversePath.Of(Address("bob@example.net")), [.. recipients.Select(Address)], content), Cancellation);

    public async Task<Mailbox> MailboxAsync(Account account, SpecialUse use = SpecialUse.Inbox) =>
        (await Mailboxes.ListAsync(account.Id, Cancellation)).Single(mailbox => mailbox.Use == use);

    public async Task<IReadOnlyList<MessageSummary>> MessagesAsync(Account account, SpecialUse use = SpecialUse.Inbox)
    {
        var mailbox = await MailboxAsync(account, use);
        return (await Mailboxes.PageAsync(account.Id, mailbox.Id, new MessagePageRequest(null, 0, 500), Cancellation)).Messages;
    }

    /// <summary>Reads the tables by EF Core: the second opinion on what the prepared statements wrote.</summary>
    public MdaDbContext OpenTables() => new(new DbContextOptionsBuilder<MdaDbContext>().UseSqlite($"Data Source={Store.DatabasePath};Pooling=False").Options);

    public async Task StartAsync()
    {
        foreach (var service in Services.GetServices<IHostedService>())
            await service.StartAsync(Cancellation);
    }

    public async Task StopAsync()
    {
        foreach (var service in Services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        _own?.Dispose();
    }
}
