using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy;

/// <summary>That the network policies let through what has to flow, and nothing else (R4).</summary>
public sealed class NetworkPolicyTests
{
    private const string Api = Wiring.Resources.Api;
    private const string Admin = Wiring.Resources.Admin;
    private const string Redis = Wiring.Resources.Redis;
    private const string Triton = Wiring.Resources.Triton;

    [Theory]
    [InlineData("redis")]
    [InlineData("triton")]
    [InlineData("simulator")]
    public void Api_and_Admin_reach_Redis_and_nobody_else_does(string overlay)
    {
        var flows = In(overlay);

        Assert.True(flows.MayTalk(Api, Redis, Wiring.Ports.Redis));
        Assert.True(flows.MayTalk(Admin, Redis, Wiring.Ports.Redis));
        Assert.False(flows.MayEnter(Redis, NetworkPeer.Stranger, Wiring.Ports.Redis));
        Assert.False(flows.MayEnter(Redis, NetworkPeer.In("airouter-clients", "true"), Wiring.Ports.Redis));
        Assert.False(flows.MayLeave(Redis, NetworkPeer.At("8.8.8.8"), 443));
    }

    [Theory]
    [InlineData("triton")]
    [InlineData("simulator")]
    public void Triton_takes_gRPC_of_Api_and_Admin_alone(string overlay)
    {
        var flows = In(overlay);

        Assert.True(flows.MayTalk(Api, Triton, Wiring.Ports.TritonGrpc));
        Assert.True(flows.MayTalk(Api, Triton, Wiring.Ports.TritonMetrics));
        Assert.True(flows.MayTalk(Admin, Triton, Wiring.Ports.TritonGrpc));
        Assert.All(
            [Wiring.Ports.TritonHttp, Wiring.Ports.TritonGrpc, Wiring.Ports.TritonMetrics],
            port =>
            {
                Assert.False(flows.MayEnter(Triton, NetworkPeer.Stranger, port));
                Assert.False(flows.MayEnter(Triton, NetworkPeer.In("airouter-clients", "true"), port));
                Assert.False(flows.MayEnter(Triton, flows.Pod(Redis), port));
            });
        Assert.False(flows.MayLeave(Triton, NetworkPeer.At("8.8.8.8"), 443));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Router_reaches_names_public_backends_and_collectors_but_no_metadata(string folder)
    {
        var flows = new NetworkFlows(Deployments.Of(folder));

        Assert.True(flows.MayLeave(Api, NetworkPeer.InNamespace("kube-system"), 53, "UDP"));
        Assert.True(flows.MayLeave(Api, NetworkPeer.At("169.254.20.10"), 53, "TCP"));
        Assert.True(flows.MayLeave(Api, NetworkPeer.At("104.18.6.192"), 443));
        Assert.True(flows.MayLeave(Api, NetworkPeer.At("2606:4700::1"), 443));
        Assert.True(flows.MayLeave(Api, NetworkPeer.InNamespace("monitoring"), 4317));
        Assert.False(flows.MayLeave(Api, NetworkPeer.At("169.254.169.254"), 443));
        Assert.False(flows.MayLeave(Api, NetworkPeer.At("169.254.169.254"), 80));
        Assert.False(flows.MayLeave(Api, NetworkPeer.At("fd00:ec2::254"), 443));
    }

    [Theory]
    [MemberData(nameof(Deployments.All), MemberType = typeof(Deployments))]
    public void Clients_come_from_namespaces_with_the_label(string folder)
    {
        var flows = new NetworkFlows(Deployments.Of(folder));

        Assert.True(flows.MayEnter(Api, NetworkPeer.In("airouter-clients", "true"), Wiring.Ports.Api));
        Assert.False(flows.MayEnter(Api, NetworkPeer.InNamespace("default"), Wiring.Ports.Api));
        Assert.False(flows.MayEnter(Api, NetworkPeer.Stranger, Wiring.Ports.Api));
        Assert.False(flows.MayEnter(Api, NetworkPeer.At("8.8.8.8"), Wiring.Ports.Api));
    }

    [Theory]
    [MemberData(nameof(Deployments.Stored), MemberType = typeof(Deployments))]
    public void Nobody_reaches_Admin_and_Admin_reaches_the_router(string folder)
    {
        var flows = new NetworkFlows(Deployments.Of(folder));

        Assert.All(
            [
                flows.Pod(Api), NetworkPeer.Stranger, NetworkPeer.At("10.0.0.1"), NetworkPeer.In("airouter-clients", "true"),
                NetworkPeer.InNamespace("ingress-nginx"), NetworkPeer.InNamespace("monitoring"),
            ],
            peer => Assert.False(flows.MayEnter(Admin, peer, Wiring.Ports.Admin)));
        Assert.True(flows.MayTalk(Admin, Api, Wiring.Ports.Api));
    }

    [Fact]
    public void Redis_elsewhere_is_reached_where_it_may_be()
    {
        var flows = In("external-redis");

        Assert.All([Api, Admin], pod =>
        {
            Assert.True(flows.MayLeave(pod, NetworkPeer.At("10.1.2.3"), 6379));
            Assert.True(flows.MayLeave(pod, NetworkPeer.At("10.1.2.3"), 6380));
            Assert.False(flows.MayLeave(pod, NetworkPeer.At("169.254.169.254"), 6379));
        });
    }

    [Fact]
    public void Ingress_controller_and_Prometheus_come_in_where_their_components_are_used()
    {
        var flows = new NetworkFlows(Deployments.Of("deploy/kubernetes/example"));

        Assert.True(flows.MayEnter(Api, NetworkPeer.InNamespace("ingress-nginx"), Wiring.Ports.Api));
        Assert.True(flows.MayEnter(Api, NetworkPeer.InNamespace("monitoring"), Wiring.Ports.Api));
        Assert.True(flows.MayLeave(Api, NetworkPeer.InNamespace("vllm"), 8000));
        Assert.False(In("redis").MayEnter(Api, NetworkPeer.InNamespace("ingress-nginx"), Wiring.Ports.Api));
    }

    private static NetworkFlows In(string overlay) => new(Deployments.Of($"deploy/kubernetes/overlays/{overlay}"));
}
