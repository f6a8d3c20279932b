using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mda.Tests.Delivery;

/// <summary>Mail for an account that is over its quota: put off first, refused after the grace; at RCPT and at the end of the message.</summary>
public sealed class QuotaTests
{
    private static readonly EnvelopeAddress Ann = MdaScene.Address("ann@example.org");
    private static readonly EnvelopeAddress Team = MdaScene.Address("team@example.org");

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_end_of_the_message_hears_452_until_the_grace_is_over_and_552_from_then_on()
    {
        await using var scene = Scene(options => options with { QuotaOctets = 1500 });
        await scene.AddAccountAsync("ann@example.org");
        await DeliverAsync(scene, 900);

        Assert.Equal(StatusCodes.MailboxFullForNow, await DeliverAsync(scene, 900));
        _clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCodes.MailboxFullForNow, await DeliverAsync(scene, 900));
        // What asks before has room still, since a smaller message fits.
        Assert.IsType<RecipientVerdict.Local>(await scene.Recipients.JudgeAsync(Ann, Cancellation));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCodes.MailboxFull, await DeliverAsync(scene, 900));
        Assert.Null(await DeliverAsync(scene, 10));
        Assert.Equal(StatusCodes.MailboxFullForNow, await DeliverAsync(scene, 900));
    }

    [Fact]
    public async Task RCPT_hears_452_until_the_grace_is_over_and_552_from_then_on()
    {
        await using var scene = Scene(options => options with { QuotaMessages = 2 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await DeliverAsync(scene, 10);
        Assert.Null(await JudgeAsync(scene, Ann));
        await DeliverAsync(scene, 10);

        // The first that is turned away begins the grace, at RCPT too: no message may ever come further.
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Ann));
        _clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Ann));
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StatusCodes.MailboxFull, await JudgeAsync(scene, Ann));
        Assert.Equal(StatusCodes.MailboxFull, await DeliverAsync(scene, 10));

        var filler = (await scene.MessagesAsync(ann))[0];
        await scene.Mailboxes.ExpungeAsync(ann.Id, filler.Mailbox, [filler.Uid], Cancellation);
        Assert.Null(await JudgeAsync(scene, Ann));
        await DeliverAsync(scene, 10);
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Ann));
    }

    [Fact]
    public async Task Without_a_grace_it_is_refused_at_once()
    {
        await using var scene = Scene(options => options with { QuotaMessages = 1, QuotaGrace = TimeSpan.Zero });
        await scene.AddAccountAsync("ann@example.org");
        await DeliverAsync(scene, 10);
        Assert.Equal(StatusCodes.MailboxFull, await JudgeAsync(scene, Ann));
        Assert.Equal(StatusCodes.MailboxFull, await DeliverAsync(scene, 10));
    }

    [Fact]
    public async Task The_quota_of_an_account_goes_before_that_of_all()
    {
        await using var scene = Scene(options => options with { QuotaOctets = 1500, QuotaMessages = 1 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");
        // Whoever was found before is known by its old quota for no longer than it takes to notice.
        Assert.Null(await JudgeAsync(scene, Ann));
        var administration = scene.Services.GetRequiredService<IMailboxAdministration>();
        await administration.SetQuotaAsync(ann.Id, 0, 3, Cancellation);
        _clock.Advance(TimeSpan.FromMilliseconds(251));

        Assert.Null(await DeliverAsync(scene, 3000));
        Assert.Null(await DeliverAsync(scene, 10));
        Assert.Null(await JudgeAsync(scene, Ann));
        Assert.Null(await DeliverAsync(scene, 10));
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Ann));
        Assert.Equal(StatusCodes.MessageTooLargeForMailbox, await DeliverAsync(scene, 3000, "ben@example.org"));

        // null: what the configuration says, which ann is far beyond.
        await administration.SetQuotaAsync(ann.Id, null, null, Cancellation);
        _clock.Advance(TimeSpan.FromMilliseconds(251));
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Ann));
        Assert.Equal(StatusCodes.MessageTooLargeForMailbox, await DeliverAsync(scene, 3000));

        var use = await administration.FindUsageAsync(ann.Id, Cancellation);
        Assert.Equal((3L, 1L, _clock.GetUtcNow()), (use?.Messages, use?.MessageLimit, use?.FullSince));
    }

    [Theory]
    [InlineData(1499, null)]
    [InlineData(1500, null)]
    [InlineData(1501, "5.2.3")]
    public async Task Takes_a_message_as_large_as_the_quota(int octets, string? status)
    {
        await using var scene = Scene(options => options with { QuotaOctets = 1500 });
        await scene.AddAccountAsync("ann@example.org");
        var trace = "Return-Path: <bob@example.net>\r\nDelivered-To: ann@example.org\r\n".Length;
        var outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Octets(new string('x', octets - trace - 2) + "\r\n"), "ann@example.org"));
        Assert.Equal(status, StatusOf(outcome)?.ToString());
    }

    [Fact]
    public async Task Of_an_alias_one_account_with_room_is_enough_and_nothing_is_refused_that_somebody_has()
    {
        await using var scene = Scene(options => options with
        {
            QuotaMessages = 1,
            Aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> { [Team] = [Ann, MdaScene.Address("ben@example.org")] },
        });
        await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");
        await DeliverAsync(scene, 10);
        await DeliverAsync(scene, 10);
        _clock.Advance(TimeSpan.FromDays(3));

        Assert.Null(await JudgeAsync(scene, Team));
        var outcome = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "team@example.org"));
        Assert.True(Assert.IsType<LocalDeliveryOutcome.Deferred>(outcome).SomeHaveIt);
        Assert.Single(await scene.MessagesAsync(ben));

        // Ann is refused by now, ben put off: who asks again may find ben with room.
        Assert.Equal(StatusCodes.MailboxFullForNow, await JudgeAsync(scene, Team));
        Assert.Equal(StatusCodes.MailboxFullForNow, await DeliverAsync(scene, 10, "team@example.org"));
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(StatusCodes.MailboxFull, await JudgeAsync(scene, Team));
        Assert.Equal(StatusCodes.MailboxFull, await DeliverAsync(scene, 10, "team@example.org"));
    }

    private static EnhancedStatusCode? StatusOf(LocalDeliveryOutcome outcome) => outcome switch
    {
        LocalDeliveryOutcome.Deferred deferred => deferred.Status,
        LocalDeliveryOutcome.Refused refused => refused.Status,
        _ => null,
    };

    private static async Task<EnhancedStatusCode?> JudgeAsync(MdaScene scene, EnvelopeAddress address) =>
        await scene.Recipients.JudgeAsync(address, Cancellation) is RecipientVerdict.Unavailable unavailable ? unavailable.Status : null;

    private static async Task<EnhancedStatusCode?> DeliverAsync(MdaScene scene, int body, string recipient = "ann@example.org") =>
        StatusOf(Assert.Single(await scene.DeliverAsync(MdaScene.Message(body: new string('x', body)), recipient)));

    private MdaScene Scene(Func<MdaOptions, MdaOptions> configure) => new(configure, clock: _clock);
}
