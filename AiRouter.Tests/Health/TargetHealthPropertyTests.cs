using AiRouter.Api.Health;
using AiRouter.Core.Configuration;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace AiRouter.Tests.Health;

/// <summary>Random lives of a target: what is usable, and which requests are let through, is what the naive model says.</summary>
public sealed class TargetHealthPropertyTests
{
    private static readonly BreakerConfig Config = new() { Failures = 3, Ratio = 0.5, Window = 10, Open = 5, MaxOpen = 15 };

    private static readonly Gen<int[]> Steps =
        from length in Gen.Choose(1, 150)
        from steps in Gen.ArrayOf(Gen.Choose(0, 9999), length)
        select steps;

    [Fact]
    public void Health_is_what_the_model_says() =>
        Prop.ForAll(Arb.From(Steps, Shorter), Live).Check(Config2.WithMaxTest(2000));

    // A target that nobody asks is never out for longer than its breaker's longest time, whatever became of it before.
    [Fact]
    public void Target_that_is_left_alone_is_always_tried_again() =>
        Prop.ForAll(Arb.From(Steps, Shorter), steps =>
        {
            var life = new Life();
            foreach (var step in steps)
            {
                life.Do(step);
            }

            life.EndAll();
            life.Health.Probed(true);
            life.Time.Advance(CoolDown.Longest);
            Assert.True(life.Health.TryBegin(false, out _));
        }).Check(Config2.WithMaxTest(500));

    private static Config Config2 => FsCheck.Config.QuickThrowOnFailure;

    private static void Live(int[] steps)
    {
        var life = new Life();
        foreach (var step in steps)
        {
            life.Do(step);
            Assert.Equal((life.Model.IsUsable, life.Model.IsOut), (life.Health.IsUsable, life.Health.Standing.IsOut));
        }
    }

    private static IEnumerable<int[]> Shorter(int[] steps) =>
        steps.Select((_, left) => (int[])[.. steps[..left], .. steps[(left + 1)..]]);

    private sealed class Life
    {
        private readonly List<(HealthTicket Ticket, NaiveHealth.Attempt Attempt)> _running = [];

        public Life() => Health = new TargetHealth(Config, Time, new FixedRandom(0));

        public FakeTimeProvider Time { get; } = new();

        public TargetHealth Health { get; }

        public NaiveHealth Model { get; } =
            new(Config.Failures, (decimal)Config.Ratio, (decimal)Config.Window, (decimal)Config.Open, (decimal)Config.MaxOpen);

        public void Do(int step)
        {
            var (kind, number) = (step % 20, step / 20);
            switch (kind)
            {
                case < 7:
                    Begin(evenIfOut: number % 4 == 0);
                    break;
                case < 15 when _running.Count > 0:
                    End(number % _running.Count, Outcome(kind), number);
                    break;
                case 15 when _running.Count > 0:
                    AnswerBegan(number % _running.Count);
                    break;
                case 16:
                    Health.Probed(number % 3 != 0);
                    Model.Probed(number % 3 != 0);
                    break;
                default:
                    Time.Advance(TimeSpan.FromMilliseconds(number * 10));
                    Model.Now += number * 0.01m;
                    break;
            }
        }

        public void EndAll()
        {
            while (_running.Count > 0)
            {
                End(0, TargetOutcome.Unknown, 0);
            }
        }

        private static TargetOutcome Outcome(int kind) => kind switch
        {
            < 11 => TargetOutcome.Failure,
            < 13 => TargetOutcome.Success,
            13 => TargetOutcome.Overloaded,
            _ => TargetOutcome.Unknown,
        };

        private void Begin(bool evenIfOut)
        {
            var attempt = Model.Begin(evenIfOut);
            Assert.Equal(attempt is not null, Health.TryBegin(evenIfOut, out var ticket));
            if (attempt is not null)
            {
                _running.Add((ticket, attempt));
            }
        }

        private void End(int index, TargetOutcome outcome, int number)
        {
            var (ticket, attempt) = _running[index];
            _running.RemoveAt(index);
            decimal? asked = number % 2 == 0 ? null : number % 100;
            Health.Report(ticket, outcome, asked is { } seconds ? TimeSpan.FromSeconds((double)seconds) : null);
            Model.End(attempt, outcome, asked);
        }

        private void AnswerBegan(int index)
        {
            var (ticket, attempt) = _running[index];
            _running[index] = (Health.AnswerBegan(ticket), attempt);
            Model.AnswerBegan(attempt);
        }
    }
}
