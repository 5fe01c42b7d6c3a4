import type { Label } from '$lib/domain/taxonomy';

/** What the guide shows, in order: the anchor, which is also the name of its file in `sections/`, and when to use it. */
export const sections = [
	{
		id: 'colours',
		title: { fr: 'Couleurs', en: 'Colours' },
		use: {
			fr: 'Prendre ces noms et jamais une valeur : chacun a une teinte par thème du système, et son contraste est écrit à côté.',
			en: 'Use these names and never a value: each has one hue per system scheme, and its contrast is written beside it.'
		}
	},
	{
		id: 'themes',
		title: { fr: 'Rubriques et pictogrammes', en: 'Themes and pictograms' },
		use: {
			fr: 'Une rubrique, une teinte. Un service est carré, une initiative est ronde : la couleur ne porte jamais le sens à elle seule.',
			en: 'One theme, one hue. A service is square, an initiative is round: colour never carries meaning by itself.'
		}
	},
	{
		id: 'measures',
		title: { fr: 'Texte et mesures', en: 'Type and measures' },
		use: {
			fr: 'Cinq tailles de texte, huit espaces, trois arrondis : ce qui n’est pas dans l’échelle n’est pas dans l’interface.',
			en: 'Five sizes of text, eight spaces, three radii: what is not on the scale is not in the interface.'
		}
	},
	{
		id: 'buttons',
		title: { fr: 'Boutons, icônes et liens', en: 'Buttons, icons and links' },
		use: {
			fr: 'Un seul bouton principal par écran ; discret pour ce qui se défait, rouge pour ce qui cache ou retire.',
			en: 'One primary button per screen; quiet for what can be undone, red for what hides or removes.'
		}
	},
	{
		id: 'fields',
		title: { fr: 'Champs et choix', en: 'Fields and choices' },
		use: {
			fr: 'L’étiquette au-dessus, l’aide avant le champ, l’erreur à côté de ce qu’il faut corriger.',
			en: 'The label above, the help before the field, the error beside what has to be mended.'
		}
	},
	{
		id: 'messages',
		title: { fr: 'Messages', en: 'Messages' },
		use: {
			fr: 'Dire ce qui s’est passé et quoi faire ensuite. « Alerte » seulement pour ce qui vient d’échouer.',
			en: 'Say what happened and what to do next. An alert only for what has just failed.'
		}
	},
	{
		id: 'signs',
		title: { fr: 'Étiquettes et confiance', en: 'Tags and trust' },
		use: {
			fr: 'Ce qu’on sait d’un fait, depuis quand et par qui, toujours en mots.',
			en: 'What is known of a fact, since when and by whom, always in words.'
		}
	},
	{
		id: 'cards',
		title: { fr: 'Fiches de la liste', en: 'Cards of the list' },
		use: {
			fr: 'Un lieu dans une liste : toute la fiche est cliquable, le nom seul est le lien. L’inconnu se dit ou s’omet, jamais « null ».',
			en: 'A place in a list: the whole card is the target, the name alone is the link. What is unknown is said or left out.'
		}
	},
	{
		id: 'finding',
		title: { fr: 'Chercher et filtrer', en: 'Search and filter' },
		use: {
			fr: 'Chaque filtre est un lien ou un champ de formulaire, et ce qui est choisi se retire d’un geste.',
			en: 'Each filter is a link or a field of a form, and what is chosen goes away with one gesture.'
		}
	},
	{
		id: 'hours',
		title: { fr: 'Horaires', en: 'Opening hours' },
		use: {
			fr: 'Un tableau pour lire, jour par jour pour écrire ; le texte OpenStreetMap reste à portée.',
			en: 'A table to read, day by day to write; the OpenStreetMap text stays within reach.'
		}
	},
	{
		id: 'form',
		title: { fr: 'Formulaire d’un lieu', en: 'Form about a place' },
		use: {
			fr: 'L’essentiel en vue, le reste replié : chaque question se répond seule et sans JavaScript.',
			en: 'The essential in sight, the rest folded: each question can be answered alone and without JavaScript.'
		}
	},
	{
		id: 'photos',
		title: { fr: 'Photos', en: 'Photos' },
		use: {
			fr: 'Personne de reconnaissable : on masque avant d’envoyer, et on décrit pour qui ne voit pas.',
			en: 'Nobody recognisable: mask before sending, and describe for whoever does not see.'
		}
	},
	{
		id: 'proposals',
		title: { fr: 'Propositions et décisions', en: 'Proposals and decisions' },
		use: {
			fr: 'Montrer ce qui change, avant et après, dans les mots de tous les jours.',
			en: 'Show what changes, before and after, in everyday words.'
		}
	},
	{
		id: 'answers',
		title: { fr: 'Réponses et recours', en: 'Answers and appeals' },
		use: {
			fr: 'Qui a contribué sait ce qu’il en est, garde une preuve et peut contester.',
			en: 'Whoever contributed knows what became of it, keeps a proof and can appeal.'
		}
	},
	{
		id: 'reports',
		title: { fr: 'Signalements', en: 'Reports' },
		use: {
			fr: 'Quelques questions pour dire ce qui ne va pas ; qui répond voit les mots de l’auteur, et ce qui sera public.',
			en: 'A few questions to say what is wrong; whoever answers sees the author’s words, and what will be public.'
		}
	},
	{
		id: 'people',
		title: { fr: 'Organisations et invitations', en: 'Organisations and invitations' },
		use: {
			fr: 'Pour inviter et tenir à jour une organisation ; les adresses restent masquées.',
			en: 'To invite people and keep an organisation up to date; addresses stay masked.'
		}
	},
	{
		id: 'frame',
		title: { fr: 'Cadre de page', en: 'Page frame' },
		use: {
			fr: 'Les mêmes repères sur toutes les pages : en-tête, titre, encadrés, pied de page.',
			en: 'The same landmarks on every page: header, title, panels, footer.'
		}
	}
] as const satisfies { id: string; title: Label; use: Label }[];
