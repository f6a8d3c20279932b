using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.LineProtocol.Sasl;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Accounts;

/// <summary>Says whether who signs in is who they claim to be: by a password or by a proof of SCRAM, and not too often when it fails.</summary>
internal sealed partial class SignIns(
    MailStore store, AccountDirectory directory, PasswordHasher hasher, SignInThrottle throttle, LocalDomains domains, MdaOptions options, TimeProvider clock, ILogger<SignIns> logger)
{
    private readonly VerifiedLogins _verified = new(clock);
    private byte[]? _saltSecret;

    internal ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, string password, IPAddress? client, CancellationToken cancellationToken)
    {
        if (options.EveryoneIsLocal)
            return TakeAnybodyAsync(userName, cancellationToken);

        return ThrottleAsync(userName, client, address => VerifyAsync(address, password, cancellationToken), cancellationToken);
    }

    internal ValueTask<AuthenticationOutcome> AuthenticateAsync(string userName, ScramProof proof, IPAddress? client, CancellationToken cancellationToken) =>
        ThrottleAsync(userName, client, address => VerifyAsync(address, proof, cancellationToken), cancellationToken);

    /// <summary>The account's salt, or for a name that is nobody's one that is always the same for it and looks like any other.</summary>
    internal async ValueTask<ScramSalt?> FindScramSaltAsync(string userName, CancellationToken cancellationToken)
    {
        try
        {
            var secret = await SaltSecretAsync(cancellationToken);
            var isAddress = TryReadUserName(userName, out var address);
            var (_, keys) = isAddress ? await FindKeysAsync(address!, cancellationToken) : default;
            if (keys is not null)
                return new ScramSalt(keys.Salt, keys.Iterations);

            var name = isAddress ? AddressKey.Of(address!) : userName;
            return new ScramSalt(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(name)).AsMemory(0, ScramKeys.SaltOctets), ScramKeys.DefaultIterations);
        }
        catch (StoreFault fault)
        {
            LogUnavailable(logger, fault);
            return null;
        }
    }

    private async ValueTask<AuthenticationOutcome> ThrottleAsync(
        string userName, IPAddress? client, Func<EnvelopeAddress?, ValueTask<AuthenticationOutcome>> verify, CancellationToken cancellationToken)
    {
        var address = TryReadUserName(userName, out var read) ? read : null;
        var attempt = throttle.Begin(address is null ? userName : AddressKey.Of(address), client);
        // Only an address is shown: a person may have typed the password where the name belongs.
        var shown = address?.ToString() ?? "(no address)";
        if (!await attempt.HoldAsync(cancellationToken))
        {
            LogThrottled(logger, shown, client, attempt.Wait);
            return new AuthenticationOutcome.TooManyFailures(attempt.Wait);
        }

        var outcome = await TryAsync(() => verify(address));
        switch (outcome)
        {
            case AuthenticationOutcome.Accepted:
                attempt.Succeed();
                break;
            case AuthenticationOutcome.Unavailable:
                attempt.TakeBack();
                break;
            default:
                LogRefused(logger, shown, client);
                break;
        }

        return outcome;
    }

    private ValueTask<AuthenticationOutcome> TakeAnybodyAsync(string userName, CancellationToken cancellationToken) => TryAsync(async () =>
        TryReadUserName(userName, out var address)
            ? new AuthenticationOutcome.Accepted((await directory.FindOrAddAsync(address, cancellationToken)).Account)
            : new AuthenticationOutcome.Refused());

    private async ValueTask<AuthenticationOutcome> TryAsync(Func<ValueTask<AuthenticationOutcome>> verify)
    {
        try
        {
            return await verify();
        }
        catch (Exception exception) when (exception is StoreFault or HasherBusyException)
        {
            LogUnavailable(logger, exception);
            return new AuthenticationOutcome.Unavailable(exception is StoreFault fault ? fault.Reason : exception.Message);
        }
    }

    private async ValueTask<AuthenticationOutcome> VerifyAsync(EnvelopeAddress? address, string text, CancellationToken cancellationToken)
    {
        if (!TryNormalize(text, out var password))
            return new AuthenticationOutcome.Refused();

        var found = address is null ? default : await store.ReadAsync(AddressKey.Of(address), static (connection, key) =>
            AccountStatements.Find(connection, key) is { } entry
                ? (entry.Account, Hash: AccountStatements.Password(connection, entry.Account.Id), Scram: AccountStatements.Scram(connection, entry.Account.Id))
                : default, cancellationToken);
        if (found.Hash is null || !Argon2idHash.TryParse(found.Hash, out var hash))
            return await RefuseSlowlyAsync(password, cancellationToken);

        if (found.Scram is not null && _verified.Contains(found.Account.Id, password, found.Hash))
            return new AuthenticationOutcome.Accepted(found.Account);

        if (Encoding.UTF8.GetByteCount(password) > AccountRegistry.MaxPasswordOctets)
            return await RefuseSlowlyAsync(string.Empty, cancellationToken);
        if (!await hasher.VerifyAsync(hash, password, cancellationToken))
            return new AuthenticationOutcome.Refused();

        var stored = await RenewAsync(found.Account.Id, found.Hash, hash.IsOutdated, found.Scram is null, password, cancellationToken);
        _verified.Add(found.Account.Id, password, stored);
        return new AuthenticationOutcome.Accepted(found.Account);
    }

    /// <summary>Now that the password is known: makes what is kept of it as it would be made today.</summary>
    /// <returns>The hash that is stored now.</returns>
    private async ValueTask<string> RenewAsync(AccountId account, string stored, bool hashIsOutdated, bool lacksScram, string password, CancellationToken cancellationToken)
    {
        if (lacksScram)
        {
            var scram = await hasher.DeriveScramAsync(password, cancellationToken);
            await store.WriteAsync(turn => AccountStatements.AddScram(turn, account, stored, scram), takesSpace: false, cancellationToken);
        }

        if (!hashIsOutdated)
            return stored;

        var renewed = (await hasher.HashAsync(password, cancellationToken)).ToString();
        return await store.WriteAsync(turn => AccountStatements.ReplaceHash(turn, account, stored, renewed), takesSpace: false, cancellationToken) ? renewed : stored;
    }

    private async ValueTask<AuthenticationOutcome> VerifyAsync(EnvelopeAddress? address, ScramProof proof, CancellationToken cancellationToken)
    {
        var (account, keys) = address is null ? default : await FindKeysAsync(address, cancellationToken);
        if (account is not null && keys is not null && keys.Verify(proof.AuthMessage.Span, proof.ClientProof.Span))
            return new AuthenticationOutcome.Accepted(account) { ServerSignature = keys.Sign(proof.AuthMessage.Span) };

        // Not of this account alone, or the reply would tell which names are here.
        return await store.ReadAsync(0, static (connection, _) => AccountStatements.SomebodyLacksScram(connection), cancellationToken)
            ? new AuthenticationOutcome.RefusedOrTransitionNeeded()
            : new AuthenticationOutcome.Refused();
    }

    private async ValueTask<(Account? Account, ScramKeys? Keys)> FindKeysAsync(EnvelopeAddress address, CancellationToken cancellationToken)
    {
        var found = await store.ReadAsync(AddressKey.Of(address), static (connection, key) =>
            AccountStatements.Find(connection, key) is { } entry ? (entry.Account, Scram: AccountStatements.Scram(connection, entry.Account.Id)) : default, cancellationToken);
        return found.Scram is not null && ScramKeys.TryParse(found.Scram, out var keys) ? (found.Account, keys) : default;
    }

    private async ValueTask<byte[]> SaltSecretAsync(CancellationToken cancellationToken)
    {
        if (_saltSecret is not null)
            return _saltSecret;

        var kept = await store.ReadAsync(SecretRow.ScramSalts, SecretStatements.Find, cancellationToken);
        if (kept is null)
        {
            var octets = RandomNumberGenerator.GetBytes(32);
            kept = await store.WriteAsync(turn => SecretStatements.Keep(turn, SecretRow.ScramSalts, octets), takesSpace: false, cancellationToken);
        }

        return _saltSecret = kept;
    }

    /// <summary>A name that is not there costs the time of one that is, so that names cannot be found out by the clock.</summary>
    private async ValueTask<AuthenticationOutcome> RefuseSlowlyAsync(string password, CancellationToken cancellationToken)
    {
        await hasher.VerifyAsync(null, password.Length > AccountRegistry.MaxPasswordOctets ? string.Empty : password, cancellationToken);
        return new AuthenticationOutcome.Refused();
    }

    /// <summary>A user name is an address; one without a domain is taken for the first domain.</summary>
    private bool TryReadUserName(string userName, [NotNullWhen(true)] out EnvelopeAddress? address)
    {
        var isAddress = EnvelopeAddress.TryParse(userName, out address)
            || (!userName.Contains('@', StringComparison.Ordinal) && EnvelopeAddress.TryCreate(userName, domains.First, out address));
        address = isAddress ? domains.Keep(address!) : null;
        return isAddress;
    }

    /// <returns><see langword="false"/> for half a surrogate pair: nothing that was stored can equal it.</returns>
    private static bool TryNormalize(string password, [NotNullWhen(true)] out string? normalized)
    {
        try
        {
            normalized = password.Normalize(NormalizationForm.FormC);
            return true;
        }
        catch (ArgumentException)
        {
            normalized = null;
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in could not be checked.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account}: a sign-in from {Client} was refused.")]
    private static partial void LogRefused(ILogger logger, string account, IPAddress? client);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Account}: a sign-in from {Client} was not checked after too many failures; the next one will be in {Wait}.")]
    private static partial void LogThrottled(ILogger logger, string account, IPAddress? client, TimeSpan wait);
}
