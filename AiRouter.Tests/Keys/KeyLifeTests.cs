using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;
using AiRouter.Tests.Fixtures;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Keys;

/// <summary>R3: whatever is done to keys, in whatever order, a secret that has ended never works again.</summary>
public sealed class KeyLifeTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Property(MaxTest = 60, EndSize = 120)]
    public async Task Secret_that_has_ended_never_works_again(byte[] steps)
    {
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        var life = new Life(new KeyStore(store, NullLogger<KeyStore>.Instance));
        foreach (var step in steps)
        {
            await life.StepAsync(step);
            await life.CheckAsync();
        }
    }

    /// <summary>Some keys, what was done to them, and what must therefore hold.</summary>
    private sealed class Life(KeyStore keys)
    {
        // Every secret that ever was, and from when on it must not work.
        private readonly Dictionary<string, DateTimeOffset> _secrets = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> _current = new(StringComparer.Ordinal);
        private readonly List<KeyRecord> _seen = [];
        private readonly HashSet<string> _dead = new(StringComparer.Ordinal);
        private DateTimeOffset _now = DateTimeOffset.UtcNow;
        private KeyKnowledge _knowledge = KeyKnowledge.Nothing;
        private List<string> _declared = [];
        private int _made;

        public async Task StepAsync(byte step)
        {
            var which = step / 8;
            var id = _current.Count > 0 ? _current.Keys.Order(StringComparer.Ordinal).ElementAt(which % _current.Count) : null;
            switch (step % 8)
            {
                case 0:
                    await CreateAsync(TestKeys.Make($"k{_made++}"));
                    break;
                case 1 when _seen.Count > 0:
                    // A record as it was once, put back with the version that it needs: the rollback of an operator.
                    await PutBackAsync(_seen[which % _seen.Count]);
                    break;
                case 2 when _seen.Count > 0:
                    var again = _seen[which % _seen.Count];
                    var made = await keys.CreateAsync(again with { Id = ClientKeySecret.CreateId(), Name = $"k{_made++}" }, Cancelled);
                    Assert.Equal(KeyChangeOutcome.HashTaken, made.Outcome);
                    break;
                case 3 or 4 when id is not null:
                    await RotateAsync(id, TimeSpan.FromMinutes(step % 8 == 3 ? 0 : 30));
                    break;
                case 5 when id is not null:
                    await RevokeAsync(id);
                    break;
                case 6:
                    _now += TimeSpan.FromMinutes(which);
                    break;
                case 7:
                    // The configuration, or its rollback, declares hashes that were used before.
                    _declared = [.. _secrets.Keys.Where((_, i) => i % (1 + (which % 3)) == 0)];
                    break;
            }
        }

        public async Task CheckAsync()
        {
            _knowledge = _knowledge.See(await keys.ReadAsync(_knowledge.Store, Cancelled), _now);
            var table = new KeyTable(_knowledge.Revoked, null);
            table.Add(_knowledge.Store!.Records);
            table.Add(new ClientKeys(_declared.Select((s, i) => ClientKey.From(new KeyConfig { Name = $"f{i}", Hash = ClientKeySecret.HashOf(s) }))));
            var all = table.ToClientKeys(isStoreTrusted: true);
            foreach (var (secret, until) in _secrets)
            {
                var works = all.Match(secret, _now).Good is not null;
                Assert.Equal(_now < until, works);
                Assert.True(all.IsOurs(secret));
                Assert.False(works && _dead.Contains(secret));
                if (!works)
                {
                    _dead.Add(secret);
                }
            }
        }

        private async Task CreateAsync((KeyRecord Record, string Secret) made)
        {
            var change = await keys.CreateAsync(made.Record, Cancelled);
            Assert.Equal(KeyChangeOutcome.Done, change.Outcome);
            _seen.Add(change.Record!);
            _secrets[made.Secret] = DateTimeOffset.MaxValue;
            _current[made.Record.Id] = made.Secret;
        }

        private async Task PutBackAsync(KeyRecord old)
        {
            var version = (await keys.FindAsync(old.Id, Cancelled))?.Version ?? 1;
            var change = await keys.UpdateAsync(old with { Owner = $"o{_made}" }, version, Cancelled);
            Assert.Equal(_current.ContainsKey(old.Id) ? KeyChangeOutcome.Done : KeyChangeOutcome.NotFound, change.Outcome);
        }

        private async Task RotateAsync(string id, TimeSpan overlap)
        {
            var (rotation, secret) = TestKeys.Rotate(overlap);
            var change = await keys.RotateAsync(id, rotation with { By = new Change(_now, "tester") }, Cancelled);
            Assert.Equal(KeyChangeOutcome.Done, change.Outcome);
            foreach (var earlier in Of(id).Where(s => s != _current[id]))
            {
                End(earlier, _now);
            }

            // The store keeps milliseconds.
            End(_current[id], DateTimeOffset.FromUnixTimeMilliseconds((_now + overlap).ToUnixTimeMilliseconds()));
            _seen.Add(change.Record!);
            _secrets[secret] = DateTimeOffset.MaxValue;
            _current[id] = secret;
        }

        private async Task RevokeAsync(string id)
        {
            Assert.Equal(KeyChangeOutcome.Done, (await keys.RevokeAsync(id, new Change(_now, "tester"), Cancelled)).Outcome);
            foreach (var secret in Of(id))
            {
                End(secret, _now);
            }

            _current.Remove(id);
        }

        // By what was stored of the key at any time.
        private List<string> Of(string id)
        {
            var hashes = _seen.Where(r => r.Id == id).Select(r => r.Hash).ToHashSet(StringComparer.Ordinal);
            return _secrets.Keys.Where(s => hashes.Contains(ClientKeySecret.HashOf(s))).ToList();
        }

        private void End(string secret, DateTimeOffset at) => _secrets[secret] = at < _secrets[secret] ? at : _secrets[secret];
    }
}
