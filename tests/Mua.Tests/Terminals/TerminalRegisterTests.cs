using System.Text;
using MailSuite.Mua.Terminals;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MailSuite.Mua.Tests.Terminals;

/// <summary>Who is there, and what stands on their screens.</summary>
public sealed class TerminalRegisterTests
{
    private static readonly AccountId Ann = new(1);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly RecordedJourneys _journeys = new();
    private readonly TerminalRegister _register;

    public TerminalRegisterTests() =>
        _register = new TerminalRegister(_journeys, Samples.Options("/nowhere"), _clock, NullLogger<TerminalRegister>.Instance);

    [Fact]
    public async Task Shows_a_message_on_an_open_page_and_tells_its_journey()
    {
        using var page = Open(new Page());
        Assert.True(_register.IsThere(Ann));
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync("Subject: tea\r\n\r\nIt is ready.\r\n"));
        var notice = Assert.Single(_register.NoticesOf(Ann));
        Assert.Equal(("carol@example.net", "tea", "It is ready.", false), (notice.From, notice.Subject, notice.Text, notice.IsKept));
        var told = Assert.Single(_journeys.Events);
        Assert.Equal((JourneyStep.Shown, MailRole.Mua, "ann@example.org"), (told.Step, told.Role, told.Recipients.Single().ToString()));
    }

    [Fact]
    public async Task Nobody_is_there_without_a_page_or_behind_one_whose_browser_has_gone()
    {
        Assert.False(_register.IsThere(Ann));
        Assert.Equal(TerminalOutcome.NobodyThere, await ShowAsync("\r\nx\r\n"));
        using (Open(new Page { IsConnected = false }))
        {
            Assert.False(_register.IsThere(Ann));
            Assert.Equal(TerminalOutcome.NobodyThere, await ShowAsync("\r\nx\r\n"));
        }

        using var others = _register.Open(new AccountId(2), new Page());
        Assert.False(_register.IsThere(Ann));
        Assert.Empty(_journeys.Events);
    }

    [Fact]
    public async Task A_page_that_does_not_show_it_leaves_nothing_behind()
    {
        using var page = Open(new Page { Shows = false });
        Assert.Equal(TerminalOutcome.NobodyThere, await ShowAsync("\r\nx\r\n"));
        using var broken = Open(new Page { Failure = new InvalidOperationException("the circuit has gone") });
        Assert.Equal(TerminalOutcome.NobodyThere, await ShowAsync("\r\nx\r\n"));
        Assert.Empty(_register.NoticesOf(Ann));
        Assert.Empty(_journeys.Events);
    }

    [Fact]
    public async Task A_page_that_never_answers_is_waited_for_five_seconds()
    {
        using var page = Open(new Page { Answer = new TaskCompletionSource<bool>() });
        var showing = ShowAsync("\r\nx\r\n");
        while (_register.NoticesOf(Ann).Count == 0)
            await Task.Yield();
        _clock.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(showing.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(TerminalOutcome.NobodyThere, await showing);
    }

    [Fact]
    public async Task One_page_of_several_is_enough_and_dismissing_takes_it_off_all()
    {
        var other = new Page();
        using var broken = Open(new Page { Shows = false });
        using var good = Open(other);
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync("\r\nx\r\n"));
        _register.Dismiss(Ann, _register.NoticesOf(Ann).Single().Id);
        Assert.Empty(_register.NoticesOf(Ann));
        Assert.Equal(1, other.Refreshes);
    }

    [Fact]
    public async Task Twenty_messages_stand_on_a_screen_and_no_more()
    {
        using var page = Open(new Page());
        for (var i = 0; i < TerminalLimits.MaxNotices; i++)
            Assert.Equal(TerminalOutcome.Shown, await ShowAsync($"\r\n{i}\r\n"));
        Assert.Equal(TerminalOutcome.NobodyThere, await ShowAsync("\r\none too many\r\n"));
        _register.Dismiss(Ann, _register.NoticesOf(Ann)[0].Id);
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync("\r\nagain\r\n"));
    }

    [Theory]
    [InlineData(60, 1)]
    [InlineData(61, 0)]
    public async Task Messages_wait_a_minute_for_the_next_page(int seconds, int left)
    {
        using (Open(new Page()))
            await ShowAsync("\r\nx\r\n");
        Assert.False(_register.IsThere(Ann));
        _clock.Advance(TimeSpan.FromSeconds(seconds));
        using var next = Open(new Page());
        Assert.Equal(left, _register.NoticesOf(Ann).Count);
    }

    [Fact]
    public async Task What_cannot_be_shown_whole_is_shown_only_when_it_is_kept()
    {
        using var page = Open(new Page());
        var atLimit = "\r\n" + new string('x', TerminalLimits.MaxTextCharacters) + "\r\n";
        var tooLong = "\r\n" + new string('x', TerminalLimits.MaxTextCharacters + 1) + "\r\n";
        const string Attached = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nlook\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--\r\n";
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync(atLimit));
        Assert.Equal(TerminalOutcome.NotShowable, await ShowAsync(tooLong));
        Assert.Equal(TerminalOutcome.NotShowable, await ShowAsync(Attached));
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync(tooLong, isKept: true));
        Assert.Equal(TerminalOutcome.Shown, await ShowAsync(Attached, isKept: true));
        Assert.Equal([false, true, false], _register.NoticesOf(Ann).Select(notice => notice.IsCut));
    }

    [Fact]
    public async Task Hostile_content_is_text_of_bounded_length_without_controls()
    {
        using var page = Open(new Page());
        await ShowAsync(
            "From: =?utf-8?q?Bank=E2=80=AE_moc=2Eknab?= <mallory@example.net>\r\nSubject: " + string.Concat(Enumerable.Repeat("word ", 500)) + "\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            + "a\u0007b\u001b[2Jc\u202Ed\tTab\r\n<script>alert(1)</script>\r\n");
        var notice = _register.NoticesOf(Ann).Single();
        Assert.Equal("Bank  moc.knab", notice.From);
        Assert.Equal(("mallory@example.net", "carol@example.net"), (notice.Address, notice.ReversePath));
        Assert.Equal(TerminalLimits.MaxLineCharacters + 1, notice.Subject.Length);
        Assert.Equal("a b [2Jc d\tTab\n<script>alert(1)</script>", notice.Text);
    }

    private IDisposable Open(Page page) => _register.Open(Ann, page);

    private Task<TerminalOutcome> ShowAsync(string message, bool isKept = false) => _register.ShowAsync(
        Ann,
        new TerminalMessage(
            new JourneyId(Guid.CreateVersion7()), ReversePath.Of(EnvelopeAddress.Parse("carol@example.net")), EnvelopeAddress.Parse("ann@example.org"),
            new MemoryContent(Encoding.UTF8.GetBytes(message)), _clock.GetUtcNow(), isKept),
        TestContext.Current.CancellationToken).AsTask();

    private sealed class Page : ITerminalPage
    {
        public bool IsConnected { get; init; } = true;

        public bool Shows { get; init; } = true;

        public Exception? Failure { get; init; }

        public TaskCompletionSource<bool>? Answer { get; init; }

        public int Refreshes { get; private set; }

        public Task<bool> ShowAsync(TerminalNotice notice, CancellationToken cancellationToken) =>
            Failure is not null ? Task.FromException<bool>(Failure) : Answer?.Task ?? Task.FromResult(Shows);

        public void Refresh() => Refreshes++;
    }
}
