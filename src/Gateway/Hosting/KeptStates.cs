using Gateway.Core;
using Gateway.Identity;
using Gateway.Storage;

namespace Gateway.Hosting;

/// <summary>The states that adapters keep, each in a file of the folder <c>field</c> of the data folder.</summary>
/// <remarks>
/// identity.json names those that were made, so that one that is missing is known to be lost; and the start at which the folder had come from another machine or out of a backup: what
/// an earlier start wrote is a copy then. Both are on the disk before any adapter opens a state, so a power cut in between changes nothing.
/// </remarks>
internal sealed class KeptStates(IJournalFiles files, string data, StoredIdentity identity, Action<long>? wrote = null) : IKeptFolder
{
    /// <summary>In the data folder.</summary>
    public const string Folder = "field";

    /// <summary>Whether a file of the folder is a state, and not one that was put aside or is being written.</summary>
    public static bool IsState(string name) => name.All(static c => c is (>= 'a' and <= 'z') or '-');

    private readonly Lock _lock = new();
    private readonly Dictionary<string, object> _open = new(StringComparer.Ordinal);
    private StoredIdentity _identity = identity;

    public T Open<T>(string name, Func<IKeptState, T> make)
        where T : class
    {
        lock (_lock)
        {
            if (!_open.TryGetValue(name, out var known))
            {
                _open.Add(name, known = make(new State(this, name)));
            }

            return (T)known;
        }
    }

    private bool IsNamed(string name) => _identity.Keeps?.Contains(name) == true;

    /// <summary>After the file: one that is named and was never made would be told as lost.</summary>
    /// <exception cref="IOException">identity.json cannot be written.</exception>
    private void Name(string name)
    {
        lock (_lock)
        {
            if (!IsNamed(name))
            {
                var next = _identity with { Keeps = [.. _identity.Keeps ?? [], name] };
                next.Write(data);
                _identity = next;
            }
        }
    }

    private sealed class State : IKeptState
    {
        private readonly KeptStates _states;
        private readonly string _name;
        private readonly KeptFile _file;
        private bool _isNamed;

        public State(KeptStates states, string name)
        {
            (_states, _name, _isNamed) = (states, name, states.IsNamed(name));
            Place = Path.Combine(states.DataFolder, Folder, name);
            _file = KeptFile.Open(states.Files, Place, (uint)states._identity.Boot, states.Wrote);
            Condition = _file.Finding switch
            {
                KeptFinding.Whole => _file.WrittenBy < states._identity.CopiedAt ? KeptCondition.Copied : KeptCondition.Whole,
                KeptFinding.Damaged => KeptCondition.Lost,
                _ => _isNamed ? KeptCondition.Lost : KeptCondition.New,
            };
        }

        public KeptCondition Condition { get; }

        public ReadOnlyMemory<byte> Content => _file.Content;

        public string Place { get; }

        public string? Save(ReadOnlySpan<byte> content)
        {
            try
            {
                _file.Save(content);
                if (!_isNamed)
                {
                    _states.Name(_name);
                    _isNamed = true;
                }

                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return e.Message.TrimEnd('.');
            }
        }
    }

    private string DataFolder => data;

    private IJournalFiles Files => files;

    private Action<long>? Wrote => wrote;
}
