namespace MailSuite.Mda.Mime;

/// <summary>Writes the addresses of a field as an envelope has them (RFC 9051 §7.5.2): name, route, mailbox and host of each.</summary>
/// <remarks>
/// What is missing of an address is said in its place, MISSING_MAILBOX and MISSING_DOMAIN, and a broken one has the host SYNTAX_ERROR, as
/// Dovecot has it: NIL would make it a group, and clients know these words.
/// </remarks>
internal ref struct AddressList
{
    private readonly OctetBuffer _wire;
    private readonly OctetBuffer _scratch;
    private readonly OctetBuffer _comment;
    private HeaderText _text;
    private Slice _name;
    private Slice _route;
    private Slice _mailbox;
    private Slice _host;
    private bool _broken;
    private int _left;

    private AddressList(ReadOnlySpan<byte> field, OctetBuffer wire, OctetBuffer scratch, OctetBuffer comment, int limit)
    {
        _text = new HeaderText(field);
        _wire = wire;
        _scratch = scratch;
        _comment = comment;
        _left = limit;
    }

    /// <summary>Writes them one after another, without parentheses around.</summary>
    /// <returns>How many there were, <paramref name="limit"/> at most; the ends of a group count too.</returns>
    internal static int Write(ReadOnlySpan<byte> field, OctetBuffer wire, OctetBuffer scratch, OctetBuffer comment, int limit)
    {
        var list = new AddressList(field, wire, scratch, comment, limit);
        list.WriteAll();
        return limit - list._left;
    }

    private void WriteAll()
    {
        while (_left > 0)
        {
            SkipEmpty();
            if (_text.AtEnd)
                return;
            if (!TryGroup())
                WriteMailbox();
            SkipToComma();
        }
    }

    /// <summary>Elements with nothing in them (RFC 5322 §4.4, obs-addr-list).</summary>
    private void SkipEmpty()
    {
        _text.SkipBlanks();
        while (_text.TryTake((byte)','))
            _text.SkipBlanks();
    }

    /// <summary>What follows a broken address belongs to it, up to the next comma.</summary>
    private void SkipToComma()
    {
        while (!_text.AtEnd && _text.Next != ',')
        {
            if (_text.Next == '"')
                _text.TakeQuoted(_scratch);
            else if (_text.Next == '(')
                _text.SkipBlanks();
            else
                _text.At++;
        }
    }

    /// <summary>A group (RFC 5322 §3.4): its name in an address without host, its members, an address of NILs.</summary>
    private bool TryGroup()
    {
        var start = _text.At;
        _scratch.Truncate(0);
        if (!_text.TakePhrase(_scratch) || _text.Next != ':')
        {
            _text.At = start;
            return false;
        }

        _text.At++;
        _wire.Append("(NIL NIL "u8);
        WireText.AppendString(_wire, _scratch.Written);
        _wire.Append(" NIL)"u8);
        _left--;
        _text.SkipBlanks();
        while (!_text.AtEnd && _text.Next != ';')
        {
            SkipEmpty();
            if (_text.AtEnd || _text.Next == ';')
                break;
            if (_left > 0)
                WriteMailbox();
            while (!_text.AtEnd && _text.Next is not ((byte)',' or (byte)';'))
            {
                if (_text.Next == '"')
                    _text.TakeQuoted(_scratch);
                else
                    _text.At++;
            }
        }

        _text.TryTake((byte)';');
        _wire.Append("(NIL NIL NIL NIL)"u8);
        _left = Math.Max(0, _left - 1);
        return true;
    }

    private void WriteMailbox()
    {
        var start = _text.At;
        Forget();
        if (!TryNameAddress())
        {
            _text.At = start;
            Forget();
            TakeAddressSpec();
        }

        _left--;
        _wire.Append((byte)'(');
        AppendNullable(_name);
        _wire.Append((byte)' ');
        AppendNullable(_route);
        _wire.Append((byte)' ');
        WireText.AppendString(_wire, _mailbox.Length > 0 ? _scratch[_mailbox] : "MISSING_MAILBOX"u8);
        _wire.Append((byte)' ');
        WireText.AppendString(_wire, _broken ? "SYNTAX_ERROR"u8 : _host.Length > 0 ? _scratch[_host] : "MISSING_DOMAIN"u8);
        _wire.Append((byte)')');
    }

    private void Forget()
    {
        _scratch.Truncate(0);
        _comment.Truncate(0);
        _name = _route = _mailbox = _host = default;
        _broken = false;
    }

    private readonly void AppendNullable(Slice text)
    {
        if (text.Length == 0)
            _wire.Append("NIL"u8);
        else
            WireText.AppendString(_wire, _scratch[text]);
    }

    /// <summary>A display name, or none, and an address in angle brackets.</summary>
    private bool TryNameAddress()
    {
        if (!_text.TakePhrase(_scratch) || _text.Next != '<')
            return false;
        _name = _scratch.Since(0);
        _text.At++;
        _broken = !TryAngleAddress();
        return true;
    }

    private bool TryAngleAddress()
    {
        if (!_text.SkipBlanks())
            return false;
        if (_text.Next == '@' && !TryRoute())
            return false;
        // No address at all, as an empty return path has it, is nothing broken.
        if (_text.TryTake((byte)'>'))
            return _text.SkipBlanks();
        if (!TakeLocalPart() || !TakeHost() || !_text.TryTake((byte)'>'))
            return false;
        _text.SkipBlanks();
        return true;
    }

    /// <summary>A source route (RFC 5322 §4.4, obs-route), without the colon that ends it.</summary>
    private bool TryRoute()
    {
        var start = _scratch.Length;
        if (!_text.TakeThrough((byte)':', _scratch))
            return false;
        _route = new Slice(start, _scratch.Length - start - 1);
        return _text.SkipBlanks();
    }

    /// <summary>Words with dots between them; blanks and comments around the dots (RFC 5322 §4.4, obs-local-part) are left out.</summary>
    private bool TakeLocalPart()
    {
        var start = _scratch.Length;
        var whole = TakeDotted(quotedToo: true);
        _mailbox = _scratch.Since(start);
        return whole;
    }

    /// <summary>An at sign and a domain or an address literal, if there is an at sign.</summary>
    private bool TakeHost()
    {
        if (!_text.TryTake((byte)'@'))
            return true;
        if (!_text.SkipBlanks(_comment))
            return false;
        var start = _scratch.Length;
        var whole = _text.Next == '[' ? _text.TakeThrough((byte)']', _scratch) && _text.SkipBlanks(_comment) : TakeDotted(quotedToo: false);
        _host = _scratch.Since(start);
        return whole;
    }

    private bool TakeDotted(bool quotedToo)
    {
        while (true)
        {
            if (quotedToo && _text.Next == '"')
            {
                if (!_text.TakeQuoted(_scratch))
                    return false;
            }
            else if (!_text.TryAtom(_scratch) && _text.Next != '.')
            {
                return false;
            }

            if (!_text.SkipBlanks(_comment))
                return false;
            if (!_text.TryTake((byte)'.'))
                return true;
            _scratch.Append((byte)'.');
            if (!_text.SkipBlanks(_comment))
                return false;
            // Two dots, or one at the end: no dot-atom, and yet people have such addresses.
            if (_text.AtEnd || _text.Next is (byte)'@' or (byte)'>' or (byte)',' or (byte)';')
                return true;
        }
    }

    /// <summary>An address without angle brackets; the comment behind it is its name (RFC 5322 appendix A.6.3). A word alone is a mailbox, more words are a name.</summary>
    private void TakeAddressSpec()
    {
        var whole = TakeLocalPart();
        var hasHost = _text.Next == '@';
        if (hasHost)
            TakeHost();
        if (_comment.Length > 0)
        {
            var start = _scratch.Length;
            _scratch.Append(_comment.Written);
            _name = _scratch.Since(start);
        }
        else if (!hasHost && whole)
        {
            var end = _scratch.Length;
            _scratch.Append((byte)' ');
            _text.TakePhrase(_scratch);
            if (_scratch.Length > end + 1)
            {
                _name = _scratch.Since(_mailbox.Start);
                _mailbox = default;
            }
            else
            {
                _scratch.Truncate(end);
            }
        }
    }
}
