using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using Microsoft.AspNetCore.Http;

namespace MailSuite.Mua.Api;

/// <summary>Finds the account that a route names.</summary>
internal sealed class ApiAccounts(IAccounts accounts, MuaOptions options)
{
    /// <returns>The account, or the refusal to answer with.</returns>
    internal async ValueTask<(Account? Account, IResult? Refusal)> FindAsync(string address, CancellationToken cancellationToken)
    {
        if (!EnvelopeAddress.TryParse(address, out var parsed))
            return (null, Problems.Unprocessable($"“{address}” is no mail address."));

        var account = await accounts.FindAsync(parsed, cancellationToken);
        // In development signing in is what makes an account, with any password; asking for one here is the same.
        if (account is null && options.AnyPassword && await accounts.AuthenticateAsync(parsed.ToString(), "any", client: null, cancellationToken) is AuthenticationOutcome.Accepted accepted)
            account = accepted.Account;
        return account is null ? (null, Problems.NotFound($"There is no account {parsed.ToDisplayString()} here.")) : (account, null);
    }
}
