using System.Net;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Policy;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace MailSuite.Mta.Tests.Policy;

public sealed class RecipientPolicyTests
{
    private static readonly MtaOptions Options = new() { DataDirectory = ".", HostName = Domain.Parse("mx.example.org") };

    [Theory]
    [InlineData("alice@example.org", false, true, "deliver")]
    [InlineData("alice@example.org", true, false, "deliver")]
    [InlineData("nobody@example.org", true, true, "5.1.1")]
    [InlineData("somebody@elsewhere.example", false, true, "5.7.1")]
    [InlineData("somebody@elsewhere.example", true, true, "relay")]
    [InlineData("somebody@elsewhere.example", true, false, "5.7.1")]
    [InlineData("alice@[192.0.2.1]", false, true, "5.7.1")]
    public async Task Takes_ours_from_all_and_others_from_who_may_relay(string recipient, bool mayRelay, bool relayEnabled, string ruling)
    {
        var options = Options with { RelayEnabled = relayEnabled };
        var policy = new RecipientPolicy(new FakeMailboxes("alice@example.org"), Rewriting(options), Backups(options), suppressions: null, options);
        var judged = await policy.JudgeAsync(EnvelopeAddress.Parse(recipient), mayRelay, TestContext.Current.CancellationToken);
        Assert.Equal(ruling, judged switch
        {
            RecipientRuling.Deliver => "deliver",
            RecipientRuling.Relay => "relay",
            RecipientRuling.Refuse refuse => refuse.Status.ToString(),
            _ => "",
        });
        Assert.Equal(recipient, judged.Recipient.ToString());
    }

    [Fact]
    public async Task Postmaster_alone_is_ours()
    {
        var policy = new RecipientPolicy(new FakeMailboxes("alice@example.org"), Rewriting(Options), Backups(Options), suppressions: null, Options);
        Assert.True(ForwardPath.TryRead("<Postmaster>", out var path, out _));
        var judged = await policy.JudgeAsync(policy.AddressOf(path), mayRelay: false, TestContext.Current.CancellationToken);
        Assert.Equal("postmaster@example.org", Assert.IsType<RecipientRuling.Deliver>(judged).Recipient.ToString());
    }

    [Theory]
    [InlineData(SmtpRole.Mx, "192.0.2.11", true)]
    [InlineData(SmtpRole.Mx, "192.0.2.12", false)]
    [InlineData(SmtpRole.Mx, null, false)]
    [InlineData(SmtpRole.Submission, "192.0.2.11", false)]
    [InlineData(SmtpRole.Local, null, true)]
    public void Relays_for_programs_of_this_machine_and_for_the_networks_that_it_is_told(SmtpRole role, string? address, bool expected)
    {
        var options = Options with { RelayNetworks = [IPNetwork.Parse("192.0.2.8/30")] };
        var client = new ClientFacts(role, address is null ? null : IPAddress.Parse(address), "client.example.net", true, null, null, IsTrusted: false);
        Assert.Equal(expected, new RecipientPolicy(new FakeMailboxes(), Rewriting(options), Backups(options), suppressions: null, options).MayRelay(client));
    }

    private static BackupRecipients Backups(MtaOptions options) => new(options, null!, TimeProvider.System, NullLogger<BackupRecipients>.Instance);

    private static SenderRewriting Rewriting(MtaOptions options) => new(options, new SrsKeys(options), TimeProvider.System);
}
