using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace MailSuite.Shared.LineProtocol.Sasl;

/// <summary>What a client says of channel binding at the start of SCRAM (RFC 5802 §7, gs2-cbind-flag).</summary>
internal enum ChannelBindingFlag
{
    /// <summary><c>n</c>: it cannot.</summary>
    NotSupported,

    /// <summary><c>y</c>: it can, and believes that we cannot.</summary>
    NotOffered,

    /// <summary><c>p</c>: it binds.</summary>
    Used,
}

/// <summary>client-first-message (RFC 5802 §7).</summary>
/// <param name="BindingType">cb-name, where <paramref name="Flag"/> is <see cref="ChannelBindingFlag.Used"/>.</param>
/// <param name="AuthorizationId">Empty for none.</param>
/// <param name="Header">gs2-header, to come back in the final message.</param>
/// <param name="Bare">client-first-message-bare, a part of what is proven.</param>
internal sealed record ScramClientFirst(ChannelBindingFlag Flag, string? BindingType, string AuthorizationId, string UserName, string Nonce, string Header, string Bare)
{
    public static bool TryParse(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out ScramClientFirst? message, [NotNullWhen(false)] out string? problem)
    {
        message = null;
        problem = "the first message of SCRAM is malformed";
        if (!LineReader.TryDecode(octets, out var text) || text.Contains('\0', StringComparison.Ordinal))
            return false;

        // gs2-cbind-flag "," [ "a=" saslname ] "," [ "m=" … "," ] "n=" saslname "," "r=" nonce [ "," extensions ]
        var parts = text.Split(',');
        if (parts.Length < 4 || !TryReadFlag(parts[0], out var flag, out var bindingType))
            return false;

        var authorizationId = "";
        if (parts[1].Length > 0 && !(ScramText.TryValue(parts[1], 'a', out var name) && ScramText.TryReadName(name, out authorizationId)))
            return false;

        if (parts[2].StartsWith("m=", StringComparison.Ordinal))
        {
            problem = "the client demands an extension of SCRAM that there is not";
            return false;
        }

        if (!ScramText.TryValue(parts[2], 'n', out var user) || !ScramText.TryReadName(user, out var userName)
            || !ScramText.TryValue(parts[3], 'r', out var nonce) || !ScramText.IsNonce(nonce)
            || !ScramText.AreExtensions(parts.AsSpan(4)))
            return false;

        var header = $"{parts[0]},{parts[1]},";
        message = new ScramClientFirst(flag, bindingType, authorizationId, userName, nonce, header, text[header.Length..]);
        problem = null;
        return true;
    }

    private static bool TryReadFlag(string text, out ChannelBindingFlag flag, out string? bindingType)
    {
        bindingType = null;
        flag = text == "y" ? ChannelBindingFlag.NotOffered : ChannelBindingFlag.NotSupported;
        if (text is "n" or "y")
            return true;

        flag = ChannelBindingFlag.Used;
        return ScramText.TryValue(text, 'p', out bindingType) && bindingType.Length > 0 && bindingType.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
    }
}

/// <summary>client-final-message (RFC 5802 §7).</summary>
/// <param name="Binding">gs2-header and the channel's octets, as the client has them.</param>
/// <param name="WithoutProof">client-final-message-without-proof, a part of what is proven.</param>
internal sealed record ScramClientFinal(byte[] Binding, string Nonce, byte[] Proof, string WithoutProof)
{
    public static bool TryParse(ReadOnlySpan<byte> octets, [NotNullWhen(true)] out ScramClientFinal? message)
    {
        message = null;
        if (!LineReader.TryDecode(octets, out var text) || text.Contains('\0', StringComparison.Ordinal))
            return false;

        // "c=" base64 "," "r=" nonce [ "," extensions ] "," "p=" base64
        var parts = text.Split(',');
        if (parts.Length < 3
            || !ScramText.TryValue(parts[0], 'c', out var binding) || !ScramText.TryBase64(binding, out var bindingOctets)
            || !ScramText.TryValue(parts[1], 'r', out var nonce) || !ScramText.IsNonce(nonce)
            || !ScramText.AreExtensions(parts.AsSpan(2..^1))
            || !ScramText.TryValue(parts[^1], 'p', out var proof) || !ScramText.TryBase64(proof, out var proofOctets))
            return false;

        message = new ScramClientFinal(bindingOctets, nonce, proofOctets, text[..^(parts[^1].Length + 1)]);
        return true;
    }
}

/// <summary>The elements of which the messages are made.</summary>
internal static class ScramText
{
    /// <summary>Characters of a client's nonce; there is no need for more than a few dozen.</summary>
    private const int MaxNonce = 1024;

    private const int MaxNameOctets = 255;

    public static bool TryValue(string part, char name, [NotNullWhen(true)] out string? value)
    {
        value = part.Length >= 2 && part[0] == name && part[1] == '=' ? part[2..] : null;
        return value is not null;
    }

    /// <summary>saslname: <c>=2C</c> is a comma, <c>=3D</c> an equals sign, and <c>=</c> means nothing else.</summary>
    public static bool TryReadName(string text, out string name)
    {
        name = "";
        var rest = text.Replace("=2C", "", StringComparison.Ordinal).Replace("=3D", "", StringComparison.Ordinal);
        if (text.Length == 0 || rest.Contains('=', StringComparison.Ordinal))
            return false;

        name = text.Replace("=2C", ",", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        return Encoding.UTF8.GetByteCount(name) <= MaxNameOctets;
    }

    /// <summary>printable: ASCII from <c>!</c> to <c>~</c> without the comma.</summary>
    public static bool IsNonce(string text) => text.Length is > 0 and <= MaxNonce && text.All(c => c is >= '!' and <= '~' and not ',');

    /// <summary>Optional extensions are passed over (RFC 5802 §5.1): a letter, an equals sign, a value.</summary>
    public static bool AreExtensions(ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            if (part.Length < 3 || !char.IsAsciiLetter(part[0]) || part[1] != '=')
                return false;
        }

        return true;
    }

    public static bool TryBase64(string text, out byte[] octets)
    {
        octets = new byte[text.Length];
        if (text.Length == 0 || text.AsSpan().IndexOfAny(" \t\r\n") >= 0 || !Convert.TryFromBase64String(text, octets, out var written))
            return false;
        octets = octets[..written];
        return true;
    }
}
