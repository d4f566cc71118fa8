"""Who plays: the protocol, the cards, and the agents that need no model."""

from pokebench.agent.build import AgentSpec, Loan, build_agent
from pokebench.agent.card import AgentCard, agent_ids, load_card
from pokebench.agent.protocol import Agent

__all__ = [
    "Agent",
    "AgentCard",
    "AgentSpec",
    "Loan",
    "agent_ids",
    "build_agent",
    "load_card",
]
