"""How ticketing systems reach the mirror: one port, and a connector for each way of exchange."""
