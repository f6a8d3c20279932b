using System.Net;
using MailSuite.Mta.Policy;
using MailSuite.Mta.Policy.Greylisting;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mta.Tests.Smtp;

/// <summary>Who is new is asked to come again; who does is known from then on.</summary>
public sealed class GreylistTests
{
    private const string Later = "450 4.7.1 *try again in 300 seconds";

    [Theory, EveryChunking]
    public async Task Takes_mail_of_a_new_sender_the_second_time(Chunking chunking)
    {
        await using var scene = Scene();
        await RcptAsync(scene, Later, chunking);
        scene.Clock.Advance(TimeSpan.FromMinutes(4.5));
        await RcptAsync(scene, "450 4.7.1 *try again in 30 seconds", chunking);
        scene.Clock.Advance(TimeSpan.FromSeconds(30));
        await RcptAsync(scene, "250 *", chunking);
        await RcptAsync(scene, "250 *", chunking);
        Assert.Empty(scene.Log.Errors);
    }

    [Fact]
    public void Who_came_on_a_clock_that_has_gone_back_is_new_and_waits_no_longer_than_others()
    {
        var clock = new ShiftedClock(new FakeTimeProvider());
        var greylist = new Greylist(
            new MtaOptions { DataDirectory = "nowhere", HostName = Domain.Parse("mx.example.org"), Strictness = new StrictnessOptions { Greylisting = new GreylistOptions { Enabled = true } } }, clock);
        var triplet = new Triplet(AddressRange.NetworkOf(IPAddress.Parse("192.0.2.1")), ReversePath.Of(EnvelopeAddress.Parse("carol@example.net")), EnvelopeAddress.Parse("alice@example.org"));
        clock.Shift = TimeSpan.FromDays(5);
        greylist.Meet(triplet);
        clock.Shift = TimeSpan.Zero;
        Assert.Equal(TimeSpan.FromMinutes(5), greylist.Meet(triplet).Wait);
    }

    [Fact]
    public async Task Tells_the_journey_that_it_came_again()
    {
        await using var scene = Scene();
        await RcptAsync(scene, Later);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await scene.PlayAsync(Chunking.WholeTurn, SmtpScene.Addressed + "C: DATA\nS: 354 *\nC: .\nS: 250 *");
        Assert.Equal(
            ["greylisting at RCPT: deferred: 4.7.1 You are new here: try again in 300 seconds", "greylisting at RCPT: accepted: came again after it was asked to"],
            scene.Journeys.Events.Where(e => e.Step == JourneyStep.Checked).Select(e => e.Reason));
    }

    [Theory]
    [InlineData("dave@example.net", "alice@example.org")]
    [InlineData("carol@example.net", "bob@example.org")]
    [InlineData("", "alice@example.org")]
    public async Task Asks_each_sender_for_each_recipient(string sender, string recipient)
    {
        await using var scene = Scene();
        await KnowAsync(scene);
        await RcptAsync(scene, Later, sender: sender, recipient: recipient);
    }

    [Theory]
    [InlineData("list+1@example.net", "list+2@example.net")]
    [InlineData("bounce-123-alice@example.net", "bounce-456-alice@example.net")]
    [InlineData("Carol@example.net", "carol@EXAMPLE.net")]
    public async Task Takes_the_addresses_of_a_mailing_list_for_one(string first, string second)
    {
        await using var scene = Scene();
        await RcptAsync(scene, Later, sender: first);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await RcptAsync(scene, "250 *", sender: second);
    }

    [Theory]
    [InlineData(48, "250 *")]
    [InlineData(49, Later)]
    public async Task Forgets_who_has_not_come_again_in_the_window(int hours, string reply)
    {
        await using var scene = Scene();
        await RcptAsync(scene, Later);
        scene.Clock.Advance(TimeSpan.FromHours(hours));
        await RcptAsync(scene, reply);
    }

    [Theory]
    [InlineData(35, "250 *")]
    [InlineData(36, Later)]
    public async Task Forgets_who_has_not_come_for_the_lifetime(int days, string reply)
    {
        await using var scene = Scene();
        await KnowAsync(scene);
        scene.Clock.Advance(TimeSpan.FromDays(35));
        await RcptAsync(scene, "250 *");
        scene.Clock.Advance(TimeSpan.FromDays(days));
        await RcptAsync(scene, reply);
    }

    [Theory]
    [InlineData(2, Later)]
    [InlineData(3, "250 *")]
    public async Task Knows_a_network_after_enough_of_its_senders(int senders, string reply)
    {
        await using var scene = Scene(greylist => greylist with { KnownAfter = 3 });
        for (var i = 0; i < senders; i++)
            await RcptAsync(scene, Later, sender: $"{(char)('a' + i)}@example.net");
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        for (var i = 0; i < senders; i++)
            await RcptAsync(scene, "250 *", sender: $"{(char)('a' + i)}@example.net");
        await RcptAsync(scene, reply, sender: "new@example.net");
    }

    [Fact]
    public async Task Spares_trusted_clients_and_is_off_by_default()
    {
        await using var trusted = new SmtpScene(configure: options => options with
        {
            Strictness = options.Strictness with { TrustedNetworks = [IPNetwork.Parse("192.0.2.0/24")], Greylisting = new GreylistOptions { Enabled = true } },
        });
        await RcptAsync(trusted, "250 *");
        await using var off = new SmtpScene();
        await RcptAsync(off, "250 *");
    }

    [Fact]
    public async Task Remembers_a_bounded_number_and_forgets_the_oldest()
    {
        await using var scene = Scene(greylist => greylist with { MaxEntries = 2 });
        foreach (var sender in (string[])["a@example.net", "b@example.net", "c@example.net"])
        {
            await RcptAsync(scene, Later, sender: sender);
            scene.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await RcptAsync(scene, "250 *", sender: "c@example.net");
        await RcptAsync(scene, "250 *", sender: "b@example.net");
        await RcptAsync(scene, Later, sender: "a@example.net");
    }

    [Fact]
    public async Task Survives_a_restart_by_its_file()
    {
        using var directory = new TempDirectory();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
        var first = await StartAsync(directory, clock);
        await RcptAsync(first.Scene, Later);
        await first.File.StopAsync(CancellationToken.None);
        await first.Scene.DisposeAsync();

        clock.Advance(TimeSpan.FromMinutes(5));
        var second = await StartAsync(directory, clock);
        await RcptAsync(second.Scene, "250 *");
        await second.File.StopAsync(CancellationToken.None);
        await second.Scene.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("rubbish that is long enough to be read")]
    [InlineData("MGL1\u007f\u007f\u007f\u007f")]
    public async Task Begins_anew_with_a_file_that_cannot_be_read(string content)
    {
        using var directory = new TempDirectory();
        var path = Path.Combine(directory.Path, "greylist");
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);
        var started = await StartAsync(directory, new FakeTimeProvider());
        await RcptAsync(started.Scene, Later);
        await started.File.StopAsync(CancellationToken.None);
        await started.Scene.DisposeAsync();
        Assert.True(File.Exists(path + ".unreadable"));
        Assert.True(File.Exists(path));
    }

    private static async Task<(SmtpScene Scene, GreylistFile File)> StartAsync(TempDirectory directory, FakeTimeProvider clock)
    {
        var scene = Scene();
        var options = scene.Options with { DataDirectory = directory.Path };
        scene.Clock.SetUtcNow(clock.GetUtcNow() > scene.Clock.GetUtcNow() ? clock.GetUtcNow() : scene.Clock.GetUtcNow());
        var file = new GreylistFile(scene.Greylist, options, scene.Clock, NullLogger<GreylistFile>.Instance);
        await file.StartAsync(CancellationToken.None);
        return (scene, file);
    }

    private static async Task KnowAsync(SmtpScene scene)
    {
        await RcptAsync(scene, Later);
        scene.Clock.Advance(TimeSpan.FromMinutes(5));
        await RcptAsync(scene, "250 *");
    }

    private static Task RcptAsync(SmtpScene scene, string reply, Chunking chunking = Chunking.WholeTurn, string sender = "carol@example.net", string recipient = "alice@example.org") =>
        scene.PlayAsync(chunking, SmtpScene.Hello + $"""
            C: MAIL FROM:<{sender}>
            S: 250 *
            C: RCPT TO:<{recipient}>
            S: {reply}
            """);

    private static SmtpScene Scene(Func<GreylistOptions, GreylistOptions>? configure = null) => new(configure: options => options with
    {
        Strictness = options.Strictness with { Greylisting = (configure ?? (greylist => greylist))(new GreylistOptions { Enabled = true }) },
    });
}
