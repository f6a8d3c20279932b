using MailSuite.Mta.Delivery;
using MailSuite.Mta.Spool;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Mta.Tests.Queue;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Delivery;

/// <summary>A host that gives less TLS than before is noticed.</summary>
public sealed class TlsMemoryTests
{
    private const string Plain = "Subject: x\r\n\r\nHello.\r\n";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeTlsRecords _records = new();

    [Fact]
    public void Notices_less_than_before_and_nothing_else()
    {
        var memory = Memory();
        Assert.Null(memory.Note("mx.there.test", TlsLevel.None));
        Assert.Null(memory.Note("mx.there.test", TlsLevel.Encrypted));
        Assert.Null(memory.Note("mx.there.test", TlsLevel.Verified));
        Assert.Equal(TlsLevel.Verified, memory.Note("MX.there.test", TlsLevel.Encrypted)?.Level);
        Assert.Equal(TlsLevel.Verified, memory.Note("mx.there.test", TlsLevel.None)?.Level);
        Assert.Null(memory.Note("mx2.there.test", TlsLevel.None));
    }

    [Fact]
    public void Writes_on_change_only_and_once_a_day()
    {
        var memory = Memory();
        for (var i = 0; i < 10; i++)
            memory.Note("mx.there.test", TlsLevel.Encrypted);
        Assert.Equal(1, _records.Writes);

        _clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        memory.Note("mx.there.test", TlsLevel.Encrypted);
        Assert.Equal(1, _records.Writes);
        _clock.Advance(TimeSpan.FromTicks(1));
        memory.Note("mx.there.test", TlsLevel.Encrypted);
        Assert.Equal(2, _records.Writes);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Forgets_what_has_not_been_seen_for_so_long(int ticksMore, bool notices)
    {
        var memory = Memory();
        memory.Note("mx.there.test", TlsLevel.Encrypted);
        _clock.Advance(TimeSpan.FromDays(30) + TimeSpan.FromTicks(ticksMore));
        Assert.Equal(notices, memory.Note("mx.there.test", TlsLevel.None) is not null);
    }

    [Fact]
    public void Remembers_nothing_when_that_is_switched_off()
    {
        var memory = new TlsMemory(_records, new RelayOptions { TlsMemory = TimeSpan.Zero }, _clock);
        memory.Note("mx.there.test", TlsLevel.Verified);
        Assert.Null(memory.Note("mx.there.test", TlsLevel.None));
        Assert.Equal(0, _records.Writes);
    }

    [Fact]
    public async Task Outlives_the_program()
    {
        using var directory = new TempDirectory();
        var options = new MtaOptions { DataDirectory = directory.Path, HostName = Domain.Parse("mx.here.test") };
        var records = new TlsRecords(options, NullLogger<TlsRecords>.Instance);

        // Without a database there is no memory, and no trouble either.
        records.Write("mx.there.test", new TlsRecord(TlsLevel.Encrypted, _clock.GetUtcNow()));
        Assert.Null(records.Find("mx.there.test"));

        await new SpoolSchema(directory.File(SpoolStore.DatabaseName), _clock).UpgradeAsync(TestContext.Current.CancellationToken);
        records.Write("mx.there.test", new TlsRecord(TlsLevel.Encrypted, _clock.GetUtcNow()));
        records.Write("mx.there.test", new TlsRecord(TlsLevel.Verified, _clock.GetUtcNow() + TimeSpan.FromDays(1)));
        Assert.Equal(new TlsRecord(TlsLevel.Verified, _clock.GetUtcNow() + TimeSpan.FromDays(1)), new TlsRecords(options, NullLogger<TlsRecords>.Instance).Find("mx.there.test"));
        Assert.Null(records.Find("mx2.there.test"));
        new SpoolDatabase(directory.File(SpoolStore.DatabaseName), options.BusyTimeout).ClosePool();
    }

    [Fact]
    public void Has_numbers_on_disk_that_never_change() =>
        Assert.Equal(["None=0", "Encrypted=1", "Verified=2"], Enum.GetValues<TlsLevel>().Select(level => $"{level}={(int)level}"));

    [Theory]
    [InlineData(TlsDowngrade.Warn, "Delivered 2.0.0")]
    [InlineData(TlsDowngrade.Defer, "Deferred 4.7.4")]
    public async Task Says_it_in_log_and_journey_and_lets_the_mail_go_or_wait(TlsDowngrade option, string outcome)
    {
        await using var scene = new CourierScene { Options = new() { TlsDowngrade = option } };
        using var certificate = SmtpPeerCertificate.SelfSigned("mx1.there.test");
        scene.Peer.Certificate = certificate;
        Assert.Equal("Delivered 2.0.0", Outcome(await scene.SendAsync(Plain, "bob@there.test")));
        Assert.Empty(scene.Log.Lines);
        await scene.CloseAsync();

        scene.Peer.Certificate = null;
        var report = await scene.SendAsync(Plain, "bob@there.test");

        Assert.Equal(outcome, Outcome(report));
        Assert.Contains(scene.Log.Lines, line => line.Contains("mx1.there.test has given TLS until", StringComparison.Ordinal) && line.Contains("without TLS, which it does not offer", StringComparison.Ordinal));
        Assert.Contains(report.Sessions[0].Dialogue, line => line.Text.StartsWith("(warning: mx1.there.test has given TLS", StringComparison.Ordinal));
        await scene.CloseAsync();
        Assert.Equal(option == TlsDowngrade.Warn ? 2 : 1, scene.Peer.Messages.Count);
    }

    [Fact]
    public async Task Tells_the_journey_what_was_reached()
    {
        await using var peer = new SmtpPeer();
        using var certificate = SmtpPeerCertificate.SelfSigned("mx.there.test");
        peer.Certificate = certificate;
        await using var scene = await RelayScene.StartAsync(peer.EndPoint.Port);
        scene.Host("there.test");

        await scene.SendAsync("ann@here.test", ["bob@there.test"]);

        var relayed = await scene.SeeAsync(Shared.Journey.JourneyStep.Relayed);
        Assert.Matches(@"\(over TLS 1\.[23], TLS_\w+, certificate not verified: .+\)$", relayed.Reason);
        await RelayScene.UntilAsync(() => scene.Count("TlsSeen", "Level = 1") == 1);
    }

    private TlsMemory Memory() => new(_records, new RelayOptions(), _clock);

    private static string Outcome(CourierReport report) => Assert.Single(report.Results.Select(result => $"{result.Outcome.Kind} {result.Outcome.Status}"));
}
