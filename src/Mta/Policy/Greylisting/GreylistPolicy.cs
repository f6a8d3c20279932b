using System.Globalization;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Policy.Greylisting;

/// <summary>Asks who is not known yet to come again: a mail server does, most programs that send spam do not.</summary>
internal sealed class GreylistPolicy(Greylist greylist, MtaOptions options) : IRecipientPolicy
{
    public string Name => "greylisting";

    public ValueTask<PolicyVerdict> AtRecipientAsync(RecipientFacts recipient, CancellationToken cancellationToken)
    {
        if (!options.Strictness.Greylisting.Enabled || recipient.Client is not { IsTrusted: false, Role: SmtpRole.Mx, Account: null, Address: { } address })
            return new(PolicyVerdict.Accepted);

        var triplet = new Triplet(AddressRange.NetworkOf(address), recipient.ReversePath, recipient.Recipient);
        return new(greylist.Meet(triplet) switch
        {
            { Wait: var wait } when wait > TimeSpan.Zero =>
                new PolicyVerdict.Defer(StatusCodes.NotAuthorizedForNow, string.Create(CultureInfo.InvariantCulture, $"You are new here: try again in {Math.Ceiling(wait.TotalSeconds)} seconds")),
            { HasComeAgain: true } => new PolicyVerdict.Accept("came again after it was asked to"),
            _ => PolicyVerdict.Accepted,
        });
    }
}
