using MailSuite.Mda.Accounts;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Clock;
using MailSuite.Shared.Contracts.Mda;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Accounts;

public sealed class SendersTests
{
    private static readonly SentMail NoLimit = new(long.MaxValue, long.MaxValue);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ann@example.org", true)]
    [InlineData("ANN@Example.org", true)]
    [InlineData("ann+news@example.org", true)]
    [InlineData("team@example.org", true)]
    [InlineData("all@example.org", true)]
    [InlineData("ben@example.org", false)]
    [InlineData("sales@example.org", false)]
    [InlineData("nobody@example.org", false)]
    [InlineData("ann@elsewhere.example", false)]
    public async Task An_address_is_ones_own_when_its_mail_comes_to_one(string address, bool own)
    {
        await using var scene = Scene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");
        var verdict = await Senders(scene).JudgeAsync(ann, MdaScene.Address(address), Cancellation);
        if (own)
            Assert.IsType<SenderVerdict.Own>(verdict);
        else
            Assert.Equal(["ann@example.org", "all@example.org", "team@example.org"], Assert.IsType<SenderVerdict.NotOwn>(verdict).Allowed.Select(allowed => allowed.ToString()));
    }

    [Fact]
    public async Task What_was_sent_on_a_clock_that_has_gone_back_counts_no_more()
    {
        var clock = new ShiftedClock(new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero)));
        await using var scene = new MdaScene(clock: clock);
        var ann = await scene.AddAccountAsync("ann@example.org");
        var limit = new SentMail(1, 10);
        clock.Shift = TimeSpan.FromDays(5);
        Assert.True(await Senders(scene).TryCountAsync(ann, 1, limit, Cancellation));
        Assert.False(await Senders(scene).TryCountAsync(ann, 1, limit, Cancellation));
        clock.Shift = TimeSpan.Zero;
        Assert.True(await Senders(scene).TryCountAsync(ann, 1, limit, Cancellation));
    }

    [Fact]
    public async Task Counts_up_to_the_limit_and_again_when_a_day_is_over()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero));
        await using var scene = new MdaScene(clock: clock);
        var ann = await scene.AddAccountAsync("ann@example.org");
        var senders = Senders(scene);
        var limit = new SentMail(3, 10);
        Assert.True(await senders.TryCountAsync(ann, 4, limit, Cancellation));
        Assert.False(await senders.TryCountAsync(ann, 7, limit, Cancellation));
        Assert.True(await senders.TryCountAsync(ann, 6, limit, Cancellation));
        Assert.False(await senders.TryCountAsync(ann, 1, limit, Cancellation));
        Assert.Equal(new SentMail(2, 10), await senders.SentAsync(ann, Cancellation));
        Assert.True(await senders.TryCountAsync(ann, 1, new SentMail(3, 100), Cancellation));
        Assert.False(await senders.TryCountAsync(ann, 1, new SentMail(3, 100), Cancellation));
        Assert.Equal(default, await senders.SentAsync(await scene.AddAccountAsync("ben@example.org"), Cancellation));

        clock.Advance(TimeSpan.FromHours(24));
        Assert.False(await senders.TryCountAsync(ann, 1, limit, Cancellation));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.True(await senders.TryCountAsync(ann, 1, limit, Cancellation));
    }

    [Fact]
    public async Task A_restart_does_not_begin_the_day_anew()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero));
        await using var scene = new MdaScene(clock: clock);
        var ann = await scene.AddAccountAsync("ann@example.org");
        var counts = scene.Services.GetRequiredService<SentMailCounts>();
        await counts.StartAsync(Cancellation);
        await Senders(scene).TryCountAsync(ann, 5, NoLimit, Cancellation);
        clock.Advance(TimeSpan.FromHours(1));
        await Senders(scene).TryCountAsync(ann, 6, NoLimit, Cancellation);
        await counts.StopAsync(Cancellation);
        await counts.StopAsync(Cancellation);

        await using var later = new MdaScene(directory: scene.Directory, clock: clock);
        Assert.Equal(new SentMail(2, 11), await Senders(later).SentAsync(ann, Cancellation));
    }

    [Fact]
    public async Task Forgets_in_the_store_what_counts_no_more()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 23, 12, 30, 0, TimeSpan.Zero));
        await using var scene = new MdaScene(clock: clock);
        var ann = await scene.AddAccountAsync("ann@example.org");
        var counts = scene.Services.GetRequiredService<SentMailCounts>();
        foreach (var hours in new[] { 0, 26 })
        {
            clock.Advance(TimeSpan.FromHours(hours));
            await Senders(scene).TryCountAsync(ann, 5, NoLimit, Cancellation);
            await counts.StopAsync(Cancellation);
            await using var tables = scene.OpenTables();
            var row = Assert.Single(tables.SentHours.ToList());
            Assert.Equal((ann.Id.Value, clock.GetUtcNow().ToUnixTimeSeconds() / 3600, 1, 5), (row.AccountId, row.Hour, row.Messages, row.Recipients));
        }
    }

    private static ISenders Senders(MdaScene scene) => scene.Services.GetRequiredService<ISenders>();

    private static MdaScene Scene()
    {
        static EnvelopeAddress[] To(params string[] addresses) => [.. addresses.Select(EnvelopeAddress.Parse)];
        return new MdaScene(options => options with
        {
            Aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>>
            {
                [MdaScene.Address("team@example.org")] = To("ann@example.org"),
                [MdaScene.Address("all@example.org")] = To("team@example.org", "ben@example.org"),
                [MdaScene.Address("sales@example.org")] = To("ben@example.org"),
            },
        });
    }
}
